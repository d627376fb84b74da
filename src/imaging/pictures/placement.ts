import type { Frame } from './content-box.js';
import type { Position } from './patch-code.js';

/**
 * Where a place of one picture lies in another one: x' = a·x + b·y + e, y' = c·x + d·y + f. Both in units of the longest side
 * of their picture, from its upper left corner, so that the size in pixels does not matter.
 */
export interface Placement {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** A part of a picture in units of its longest side. */
export function toUnits(frame: Frame, { width, height }: { readonly width: number; readonly height: number }): Frame {
  const side = Math.max(width, height);
  return { x: frame.x / side, y: frame.y / side, width: frame.width / side, height: frame.height / side };
}

/**
 * The placement under which two frames show the same.
 * @param position how `to` has to be mirrored and turned to look like `from`
 */
export function placementOf(from: Frame, to: Frame, position: Position): Placement {
  const [scaleX, scaleY] = [(position & 1) === 0 ? 1 : -1, (position & 2) === 0 ? 1 : -1];
  const isTransposed = (position & 4) !== 0;
  const spanX = (scaleX * to.width) / (isTransposed ? from.height : from.width);
  const spanY = (scaleY * to.height) / (isTransposed ? from.width : from.height);
  const startX = scaleX > 0 ? to.x : to.x + to.width;
  const startY = scaleY > 0 ? to.y : to.y + to.height;
  return isTransposed
    ? { a: 0, b: spanX, c: spanY, d: 0, e: startX - spanX * from.y, f: startY - spanY * from.x }
    : { a: spanX, b: 0, c: 0, d: spanY, e: startX - spanX * from.x, f: startY - spanY * from.y };
}

/** How much longer a line becomes on average. */
export function scaleOf({ a, b, c, d }: Placement): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** The position next to a placement, and how far it is from being nothing but that and one scale: 0 for exactly that. */
export function positionOf(placement: Placement): { readonly position: Position; readonly skew: number } {
  const { a, b, c, d } = placement;
  const isTransposed = Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d);
  const [alongX, alongY] = isTransposed ? [b, c] : [a, d];
  const [acrossX, acrossY] = isTransposed ? [a, d] : [b, c];
  const position = ((alongX < 0 ? 1 : 0) + (alongY < 0 ? 2 : 0) + (isTransposed ? 4 : 0)) as Position;
  const scale = scaleOf(placement);
  const off = [Math.abs(alongX) - scale, Math.abs(alongY) - scale, acrossX, acrossY].map(
    (value) => Math.abs(value) / scale,
  );
  return { position, skew: Math.max(...off) };
}
