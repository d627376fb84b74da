import type { Calibration } from '../domain/calibration.js';
import { numbered } from '../domain/numbered.js';

/** A measurement in one sentence. */
export function describeCalibration({ threads, batch, tokens, imagesPerSecond }: Calibration): string {
  const [runs, images] = [numbered(threads, 'thread'), numbered(batch, 'image')];
  const speed = `${imagesPerSecond.toPrecision(3)} images a second`;
  return `Measured on this machine: runs of ${images} or ${tokens} tokens by ${runs}, ${speed}`;
}
