import type { Box } from '../../domain/figure.js';

/** An empty band that runs through a region: across (rows) or down (columns). */
export interface Gutter {
  readonly isAcross: boolean;
  /** Where it begins, from the edge of the image. */
  readonly start: number;
  readonly width: number;
}

/** Where an image has ink, that is, something else than its background; sums over rectangles in constant time. */
export class InkMap {
  private readonly sums: Uint32Array;

  /** @param ink one byte a pixel: 1 where there is ink */
  constructor(
    ink: Uint8Array,
    readonly width: number,
    readonly height: number,
  ) {
    const stride = width + 1;
    this.sums = new Uint32Array(stride * (height + 1));
    for (let y = 0; y < height; y++) {
      let row = 0;
      for (let x = 0; x < width; x++) {
        row += ink[y * width + x] ?? 0;
        this.sums[(y + 1) * stride + x + 1] = (this.sums[y * stride + x + 1] ?? 0) + row;
      }
    }
  }

  /** Pixels with ink in a region. */
  count({ x, y, width, height }: Box): number {
    const stride = this.width + 1;
    const at = (column: number, row: number): number => this.sums[row * stride + column] ?? 0;
    return at(x + width, y + height) - at(x, y + height) - at(x + width, y) + at(x, y);
  }

  /** The smallest rectangle that holds all ink of a region; null where there is none. */
  tighten(region: Box): Box | null {
    if (this.count(region) === 0) return null;
    let { x, y, width, height } = region;
    while (this.count({ x, y, width, height: 1 }) === 0) [y, height] = [y + 1, height - 1];
    while (this.count({ x, y: y + height - 1, width, height: 1 }) === 0) height--;
    while (this.count({ x, y, width: 1, height }) === 0) [x, width] = [x + 1, width - 1];
    while (this.count({ x: x + width - 1, y, width: 1, height }) === 0) width--;
    return { x, y, width, height };
  }

  /** Empty bands within a region that reach from one side to the other, none at its edge. */
  gutters(region: Box, minWidth: number): readonly Gutter[] {
    return [...this.bands(region, true, minWidth), ...this.bands(region, false, minWidth)];
  }

  private *bands(region: Box, isAcross: boolean, minWidth: number): Generator<Gutter> {
    const [from, length] = isAcross ? [region.y, region.height] : [region.x, region.width];
    const line = (at: number): Box => (isAcross ? { ...region, y: at, height: 1 } : { ...region, x: at, width: 1 });
    let start = from;
    for (let at = from; at <= from + length; at++) {
      if (at < from + length && this.count(line(at)) === 0) continue;
      const isInner = start > from && at < from + length;
      if (isInner && at - start >= minWidth) yield { isAcross, start, width: at - start };
      start = at + 1;
    }
  }
}

/** The two parts of a region beside a gutter, without it. */
export function cutRegion(region: Box, { isAcross, start, width }: Gutter): readonly [Box, Box] {
  const { x, y } = region;
  return isAcross
    ? [
        { ...region, height: start - y },
        { ...region, y: start + width, height: y + region.height - start - width },
      ]
    : [
        { ...region, width: start - x },
        { ...region, x: start + width, width: x + region.width - start - width },
      ];
}
