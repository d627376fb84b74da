import type { Calibration } from '../domain/calibration.js';

/** A measurement in one sentence. */
export function describeCalibration({ threads, batch, tokens, imagesPerSecond }: Calibration): string {
  const [runs, images] = [
    threads === 1 ? '1 thread' : `${threads} threads`,
    batch === 1 ? '1 image' : `${batch} images`,
  ];
  const speed = `${imagesPerSecond.toPrecision(3)} images a second`;
  return `Measured on this machine: runs of ${images} or ${tokens} tokens by ${runs}, ${speed}`;
}
