import type { Box } from '../../domain/figure.js';

/** Of each side's length, on each of its ends. Measured on drawings with known objects (docs/search.md): a tight cut hides what an object lies in. */
const margin = 1;

/**
 * The part of a panel that shows what a mask outlines: the box round all of its parts with a margin, as far as the panel goes.
 * @param boxes of the mask's parts, at least one; pixels of the image
 * @param panel pixels of the image
 * @returns fractions 0..1 of the panel
 */
export function regionAround(boxes: readonly Box[], panel: Box): Box {
  const left = Math.min(...boxes.map(({ x }) => x)) - panel.x;
  const top = Math.min(...boxes.map(({ y }) => y)) - panel.y;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) - panel.x;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) - panel.y;
  const [x, width] = widened(left, right, panel.width);
  const [y, height] = widened(top, bottom, panel.height);
  return { x, y, width, height };
}

/** Where a stretch with its margin begins, and what of it is inside; both as fractions of the whole. */
function widened(from: number, to: number, whole: number): readonly [number, number] {
  const start = Math.max(0, from - margin * (to - from));
  const end = Math.min(whole, to + margin * (to - from));
  return [start / whole, (end - start) / whole];
}
