import type { RawImage } from '../../domain/raw-image.js';
import { InkMap } from './gutters.js';

/** Paper is lighter than this in each channel, and a dark ground darker than that. */
const [paper, ground] = [239, 24];
/** The ground of an image is what most of its edge shows. */
const minEdgeShare = 0.5;

/**
 * Tells ink from paper; where most of the image's edge is nearly black, from the dark ground.
 * @param image uint8 [height, width, 3]
 */
export function mapInk({ width, height, data }: RawImage): InkMap {
  const isDark = darkShareOfEdge(width, height, data) > minEdgeShare;
  const ink = new Uint8Array(width * height);
  for (let at = 0; at < ink.length; at++) {
    const [red, green, blue] = [data[3 * at] ?? 0, data[3 * at + 1] ?? 0, data[3 * at + 2] ?? 0];
    const isInk = isDark ? Math.max(red, green, blue) > ground : Math.min(red, green, blue) < paper;
    ink[at] = isInk ? 1 : 0;
  }
  return new InkMap(ink, width, height);
}

function darkShareOfEdge(width: number, height: number, data: Uint8Array): number {
  let [dark, all] = [0, 0];
  const look = (x: number, y: number): void => {
    const at = 3 * (y * width + x);
    all++;
    if (Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) <= ground) dark++;
  };
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) look(x, y);
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) look(x, y);
  return dark / all;
}
