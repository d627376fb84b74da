import { sampleAt, type GrayImage } from './gray-image.js';
import type { Placement } from './placement.js';
import type { Fit, PixelMask, Tone } from './registration.js';

/**
 * blank: nothing to see, outside the other picture; outside: something to see there; flat: nothing to see in either; changed:
 * something else is there; different: it may be noise.
 */
export type BlockKind = 'blank' | 'outside' | 'flat' | 'equal' | 'different' | 'changed';

/** Side of a block in pixels. */
const usualBlockSide = 16;

export interface BlockMap {
  readonly blockSide: number;
  readonly columns: number;
  readonly rows: number;
  readonly kinds: readonly BlockKind[];
  /** Over all pixels of equal and flat blocks; 0 where there are none. */
  readonly correlation: number;
}

/** Pixels along the edge of a picture are mixed with what is around it in the other one: they do not count. */
const rim = 2;
/** How far outside the second picture a pixel may lie: placements have errors. */
const edge = 0.7;

/** Standard deviations of brightness, 0..255: below it a block is flat (JPEG of quality 30 makes up to 5 of nothing). */
const flatBelow = 6;
/** Blocks that correlate by less, or whose mean differs by more, show something else. */
const leastCorrelation = 0.7;
const mostMeanDifference = 20;
/** Rests above this are no noise: what JPEG of quality 30 leaves of lines and letters stays below it. */
const change = 20;
/** Rests up to this are noise, whatever they do to the correlation. */
const noise = 5;

/** Compares two registered pictures block by block. */
export function mapBlocks(
  first: GrayImage,
  second: GrayImage,
  { placement, tone }: Fit,
  blockSide = usualBlockSide,
): BlockMap {
  const columns = Math.max(1, Math.floor(first.width / blockSide));
  const rows = Math.max(1, Math.floor(first.height / blockSide));
  const warped = warp(first, second, placement);
  const total = new Sums();
  const kinds: BlockKind[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const sums = sumBlock(first, warped, { left: column * blockSide, top: row * blockSide, side: blockSide });
      const kind = kindOf(sums, tone);
      if (kind === 'equal' || kind === 'flat') total.add(sums);
      kinds.push(kind);
    }
  }
  return { blockSide, columns, rows, kinds, correlation: total.count === 0 ? 0 : total.correlation };
}

/** The pixels of the blocks of a kind. */
export function maskOf({ blockSide, columns, kinds }: BlockMap, { width, height }: GrayImage): PixelMask {
  const mask = new Uint8Array(width * height);
  kinds.forEach((kind, place) => {
    if (kind !== 'equal' && kind !== 'flat') return;
    const [left, top] = [(place % columns) * blockSide, Math.floor(place / columns) * blockSide];
    for (let y = top; y < Math.min(top + blockSide, height); y++)
      mask.fill(1, y * width + left, y * width + Math.min(left + blockSide, width));
  });
  return mask;
}

/** The second picture where the pixels of the first one lie; NaN outside of it. */
export function warp(first: GrayImage, second: GrayImage, { a, b, c, d, e, f }: Placement): Float32Array {
  const [side, other] = [Math.max(first.width, first.height), Math.max(second.width, second.height)];
  const out = new Float32Array(first.width * first.height);
  for (let row = 0; row < first.height; row++) {
    const y = (row + 0.5) / side;
    for (let column = 0; column < first.width; column++) {
      const x = (column + 0.5) / side;
      const left = (a * x + b * y + e) * other - 0.5;
      const top = (c * x + d * y + f) * other - 0.5;
      const isInside = left > -edge && top > -edge && left < second.width - 1 + edge && top < second.height - 1 + edge;
      out[row * first.width + column] = isInside ? sampleAt(second, left, top) : Number.NaN;
    }
  }
  return out;
}

class Sums {
  count = 0;
  a = 0;
  b = 0;
  aa = 0;
  bb = 0;
  ab = 0;

  put(a: number, b: number): void {
    this.count++;
    this.a += a;
    this.b += b;
    this.aa += a * a;
    this.bb += b * b;
    this.ab += a * b;
  }

  add(other: Sums): void {
    this.count += other.count;
    this.a += other.a;
    this.b += other.b;
    this.aa += other.aa;
    this.bb += other.bb;
    this.ab += other.ab;
  }

  get varianceA(): number {
    return Math.max(0, this.aa / this.count - (this.a / this.count) ** 2);
  }

  get varianceB(): number {
    return Math.max(0, this.bb / this.count - (this.b / this.count) ** 2);
  }

  get covariance(): number {
    return this.ab / this.count - (this.a / this.count) * (this.b / this.count);
  }

  get correlation(): number {
    const product = this.varianceA * this.varianceB;
    return product <= 1e-6 ? 0 : this.covariance / Math.sqrt(product);
  }
}

interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** The second picture's numbers are NaN where less than all of the block lies in it. */
function sumBlock({ width, height, data }: GrayImage, warped: Float32Array, { left, top, side }: Square): Sums {
  const sums = new Sums();
  for (let y = Math.max(top, rim); y < Math.min(top + side, height - rim); y++) {
    for (let x = Math.max(left, rim); x < Math.min(left + side, width - rim); x++) {
      sums.put(data[y * width + x] ?? 0, warped[y * width + x] ?? Number.NaN);
    }
  }
  return sums;
}

function kindOf(sums: Sums, { gain, offset }: Tone): BlockKind {
  if (Number.isNaN(sums.b)) return Math.sqrt(sums.varianceA) < flatBelow ? 'blank' : 'outside';
  const meanDifference = Math.abs(sums.a / sums.count - gain * (sums.b / sums.count) - offset);
  const deviation = Math.max(Math.sqrt(sums.varianceA), gain * Math.sqrt(sums.varianceB));
  if (meanDifference > mostMeanDifference) return 'changed';
  if (deviation < flatBelow) return 'flat';
  const rest = Math.sqrt(Math.max(0, sums.varianceA + gain ** 2 * sums.varianceB - 2 * gain * sums.covariance));
  if (rest < noise || sums.correlation >= leastCorrelation) return 'equal';
  return rest > change ? 'changed' : 'different';
}

/** How many blocks of a picture show something. */
export function countShowing(image: GrayImage, blockSide = usualBlockSide): number {
  const nothing = new Float32Array(image.width * image.height).fill(Number.NaN);
  let count = 0;
  for (let top = 0; top + blockSide <= image.height; top += blockSide) {
    for (let left = 0; left + blockSide <= image.width; left += blockSide) {
      if (kindOf(sumBlock(image, nothing, { left, top, side: blockSide }), { gain: 1, offset: 0 }) === 'outside')
        count++;
    }
  }
  return count;
}

export function countKind({ kinds }: BlockMap, wanted: BlockKind): number {
  return kinds.reduce((count, kind) => count + (kind === wanted ? 1 : 0), 0);
}
