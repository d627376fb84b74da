import type { RawImage } from '../../domain/raw-image.js';
import { warp, type BlockMap } from './block-map.js';
import { toChroma } from './gray-image.js';
import type { Fit } from './registration.js';

/** Both color differences of gray. */
const gray = 128;
/** The blocks that differ most, past this share of them. */
const quantile = 0.95;

/**
 * How far the colors of blocks with equal brightness are apart: the means of each block are compared, since JPEG keeps color at
 * half the size, and the 95th percentile of the blocks is taken. A contrast that changed has changed colors as well.
 */
export function colorDifference(first: RawImage, second: RawImage, { placement, tone }: Fit, map: BlockMap): number {
  const [blue, red] = toChroma(first);
  const [otherBlue, otherRed] = toChroma(second);
  const pairs = [
    [blue.data, warp(blue, otherBlue, placement)],
    [red.data, warp(red, otherRed, placement)],
  ] as const;
  const means = map.kinds.flatMap((kind, block) => {
    if (kind !== 'equal' && kind !== 'flat') return [];
    const { blockSide, columns } = map;
    const [left, top] = [(block % columns) * blockSide, Math.floor(block / columns) * blockSide];
    const sums = [0, 0];
    let count = 0;
    for (let y = top; y < Math.min(top + blockSide, first.height); y++) {
      for (let x = left; x < Math.min(left + blockSide, first.width); x++) {
        const at = y * first.width + x;
        if (Number.isNaN(pairs[0][1][at] ?? Number.NaN)) continue;
        pairs.forEach(([here, there], place) => {
          sums[place] = (sums[place] ?? 0) + (here[at] ?? 0) - gray - tone.gain * ((there[at] ?? 0) - gray);
        });
        count++;
      }
    }
    return [sums.reduce((total, sum) => total + Math.abs(sum), 0) / Math.max(1, count)];
  });
  means.sort((a, b) => a - b);
  return means[Math.floor(quantile * means.length)] ?? 0;
}
