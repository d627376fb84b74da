import { black, type Canvas, type Color } from './canvas.js';
import type { Point } from './shapes.js';

/** Colors that stay apart for color-blind readers (Okabe and Ito). */
const series: readonly [Color, ...Color[]] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
];

export function seriesColor(index: number): Color {
  return series[index % series.length] ?? series[0];
}

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The plot area of a canvas, with room for the axis labels. */
export function frameOf(canvas: Canvas): Frame {
  return { left: 52, top: 26, width: canvas.width - 72, height: canvas.height - 76 };
}

/** A place in the frame: `x` and `y` run from 0 to 1, upwards. */
export function placeIn(frame: Frame, x: number, y: number): Point {
  return [frame.left + x * frame.width, frame.top + (1 - y) * frame.height];
}

export function drawAxes(canvas: Canvas, frame: Frame, xName: string, yName: string, xTop = 0, yTop = 0): void {
  const foot = frame.top + frame.height;
  canvas.line([frame.left, frame.top], [frame.left, foot], black);
  canvas.line([frame.left, foot], [frame.left + frame.width, foot], black);
  for (let i = 0; i <= 4; i++) {
    const [, y] = placeIn(frame, 0, i / 4);
    canvas.line([frame.left - 4, y], [frame.left, y], black);
    if (yTop > 0) canvas.text(String(Math.round((yTop * i) / 4)), [frame.left - 24, y - 4], black);
    const [x] = placeIn(frame, i / 4, 0);
    if (xTop > 0) {
      canvas.line([x, foot], [x, foot + 4], black);
      canvas.centered(String(Math.round((xTop * i) / 4)), [x, foot + 8], black);
    }
  }
  canvas.centered(xName, [frame.left + frame.width / 2, foot + 26], black, 2);
  canvas.upwards(yName, [8, frame.top + frame.height / 2 + yName.length * 3], black);
}
