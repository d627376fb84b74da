/** Points (1/72 inch) from the upper left corner of the page as it is shown. */
export interface PageBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** `[a, b, c, d, e, f]` as PDF has it: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [number, number, number, number, number, number];

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** The box around a rectangle after a transformation. */
export function boxOf(
  [a, b, c, d, e, f]: Matrix,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): PageBox {
  const xs = [x0, x1].flatMap((x) => [y0, y1].map((y) => a * x + c * y + e));
  const ys = [x0, x1].flatMap((x) => [y0, y1].map((y) => b * x + d * y + f));
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

export function widthOf({ left, right }: PageBox): number {
  return right - left;
}

export function heightOf({ top, bottom }: PageBox): number {
  return bottom - top;
}

export function areaOf(box: PageBox): number {
  return Math.max(0, widthOf(box)) * Math.max(0, heightOf(box));
}

export function unionOf(a: PageBox, b: PageBox): PageBox {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Whether two boxes overlap, or are at most `distance` apart in both directions. */
export function isNear(a: PageBox, b: PageBox, distance: number): boolean {
  return (
    a.left - distance <= b.right &&
    b.left - distance <= a.right &&
    a.top - distance <= b.bottom &&
    b.top - distance <= a.bottom
  );
}

export function contains(outer: PageBox, inner: PageBox, slack = 1): boolean {
  return (
    outer.left <= inner.left + slack &&
    outer.top <= inner.top + slack &&
    outer.right >= inner.right - slack &&
    outer.bottom >= inner.bottom - slack
  );
}

/** How much of the lower of two boxes lies beside the other one, 0 to 1. */
export function sharedHeight(a: PageBox, b: PageBox): number {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, shared) / Math.max(1e-6, Math.min(heightOf(a), heightOf(b)));
}

/** How much of the narrower of two boxes lies above or below the other one, 0 to 1. */
export function sharedWidth(a: PageBox, b: PageBox): number {
  const shared = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  return Math.max(0, shared) / Math.max(1e-6, Math.min(widthOf(a), widthOf(b)));
}
