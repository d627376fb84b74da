/** Which part of the map is seen: its middle, and how many pixels of the screen one unit of the map takes. */
export interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Left free around the points, of the shorter side. */
const margin = 0.06;
/** From the whole map; more shows no more. */
const maxZoom = 400;
const minZoom = 0.5;

/** The view that shows all points. */
export function fitView({ x, y }: { readonly x: Float32Array; readonly y: Float32Array }, size: Size): ViewBox {
  const [left, right] = rangeOf(x);
  const [top, bottom] = rangeOf(y);
  const free = (side: number): number => Math.max(1, side * (1 - 2 * margin));
  const scale = Math.min(
    free(size.width) / Math.max(0.05, right - left),
    free(size.height) / Math.max(0.05, bottom - top),
  );
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

/** From the screen to the map. */
export function toMap(view: ViewBox, size: Size, { x, y }: Point): Point {
  return { x: view.x + (x - size.width / 2) / view.scale, y: view.y + (y - size.height / 2) / view.scale };
}

/** From the map to the screen. */
export function toScreen(view: ViewBox, size: Size, { x, y }: Point): Point {
  return { x: (x - view.x) * view.scale + size.width / 2, y: (y - view.y) * view.scale + size.height / 2 };
}

/** Zooms so that a point of the screen keeps its place. @param whole the view of the whole map */
export function zoomAt(
  view: ViewBox,
  factor: number,
  at: Point,
  { size, whole }: { readonly size: Size; readonly whole: ViewBox },
): ViewBox {
  const scale = Math.min(whole.scale * maxZoom, Math.max(whole.scale * minZoom, view.scale * factor));
  const fixed = toMap(view, size, at);
  return {
    x: fixed.x - (at.x - size.width / 2) / scale,
    y: fixed.y - (at.y - size.height / 2) / scale,
    scale,
  };
}

/** Moves by pixels of the screen; the middle stays on the map. */
export function panBy(view: ViewBox, dx: number, dy: number): ViewBox {
  const onMap = (value: number): number => Math.min(1, Math.max(0, value));
  return { x: onMap(view.x - dx / view.scale), y: onMap(view.y - dy / view.scale), scale: view.scale };
}

function rangeOf(values: Float32Array): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length === 0 ? [0, 1] : [low, high];
}
