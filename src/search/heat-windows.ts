import type { ImageWindow } from '../domain/image-window.js';

/** What the model says of one window. */
export interface WindowSupport extends ImageWindow {
  /** First the product of the whole window's embedding with the query's, then that of each patch, row by row. */
  readonly values: Float32Array;
}

/** A map over an image: row by row, all cells squares. */
export interface HeatMap {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

/** More would keep a person waiting. */
const maxWindows = 128;
/** Cells along the shorter side. */
const cellsAcross = 28;

/**
 * Windows over the whole image, half overlapping, from the widest scale to the finest that is worth it: a coarse grid of
 * patches is made finer by smaller windows. A long image has fewer scales.
 * @param grid patches along one side of a window
 * @returns none for a strip so long that even the widest windows are too many
 */
export function windowsOver(width: number, height: number, grid: number): readonly ImageWindow[] {
  const scales = grid < 12 ? [1, 2, 3] : [1, 2];
  const shorter = Math.min(width, height);
  let windows: readonly ImageWindow[] = [];
  for (const scale of scales) {
    const columns = startsAlong(width / shorter, scale);
    const rows = startsAlong(height / shorter, scale);
    if (windows.length + columns.length * rows.length > maxWindows) break;
    windows = [...windows, ...rows.flatMap((y) => columns.map((x) => ({ scale, x, y })))];
  }
  return windows;
}

/** Evenly, from the first edge to the last, half a window apart or a little less. */
function startsAlong(length: number, scale: number): readonly number[] {
  const side = 1 / scale;
  const steps = Math.ceil(((length - side) / side) * 2 - 1e-9);
  return Array.from({ length: steps + 1 }, (_, i) => (steps === 0 ? 0 : ((length - side) * i) / steps));
}

/**
 * Joins windows to one map. Each scale says two things of a place: how near the windows over it are to the query, and
 * how much the patches there add to that. Each is a standard score over the image, so that none drowns the others, and
 * the map is their sum; docs/search.md has the measurement.
 * @param windows of one `windowsOver` call with the same grid
 */
export function joinWindows(width: number, height: number, grid: number, windows: readonly WindowSupport[]): HeatMap {
  const shorter = Math.min(width, height);
  const columns = Math.round((cellsAcross * width) / shorter);
  const rows = Math.round((cellsAcross * height) / shorter);
  const values = new Float32Array(columns * rows);
  for (const scale of new Set(windows.map((window) => window.scale))) {
    const ofScale = windows.filter((window) => window.scale === scale);
    for (const map of meansOver(columns, rows, grid, ofScale)) {
      standardize(map).forEach((value, cell) => (values[cell] = (values[cell] ?? 0) + value));
    }
  }
  return { columns, rows, values };
}

/** Of the windows over each cell: the mean nearness, and the mean of what the patches there add. */
function meansOver(
  columns: number,
  rows: number,
  grid: number,
  windows: readonly WindowSupport[],
): readonly Float32Array[] {
  const near = new Float32Array(columns * rows);
  const added = new Float32Array(columns * rows);
  const count = new Float32Array(columns * rows);
  for (const { x, y, scale, values } of windows) {
    for (const [row, v] of cellsInside(y, scale, rows)) {
      for (const [column, u] of cellsInside(x, scale, columns)) {
        const cell = row * columns + column;
        near[cell] = (near[cell] ?? 0) + (values[0] ?? 0);
        added[cell] = (added[cell] ?? 0) + between(values, grid, u, v);
        count[cell] = (count[cell] ?? 0) + 1;
      }
    }
  }
  return [near, added].map((sums) => sums.map((sum, cell) => sum / Math.max(1, count[cell] ?? 0)));
}

/** The cells whose center lies in the window, each with its place in it, 0..1. */
function cellsInside(start: number, scale: number, cells: number): readonly (readonly [cell: number, place: number])[] {
  const inside: [number, number][] = [];
  for (let cell = Math.max(0, Math.floor(start * cellsAcross)); cell < cells; cell++) {
    const place = ((cell + 0.5) / cellsAcross - start) * scale;
    // The center of the last cell may be the very edge of the image, and rounding may put it a hair beyond.
    if (place > 1 + 1e-6) break;
    if (place >= -1e-6) inside.push([cell, Math.min(1, Math.max(0, place))]);
  }
  return inside;
}

/** Bilinear between the centers of the patches. */
function between(values: Float32Array, grid: number, u: number, v: number): number {
  const clamp = (place: number) => Math.min(grid - 1, Math.max(0, place * grid - 0.5));
  const [x, y] = [clamp(u), clamp(v)];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(grid - 1, left + 1), Math.min(grid - 1, top + 1)];
  const at = (row: number, column: number) => values[1 + row * grid + column] ?? 0;
  const above = at(top, left) * (1 - (x - left)) + at(top, right) * (x - left);
  const below = at(bottom, left) * (1 - (x - left)) + at(bottom, right) * (x - left);
  return above * (1 - (y - top)) + below * (y - top);
}

/** Zero mean, unit variance; all 0 where all are the same. */
function standardize(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  // Of equal values only rounding is left.
  return values.map((value) => (deviation < 1e-9 ? 0 : (value - mean) / deviation));
}
