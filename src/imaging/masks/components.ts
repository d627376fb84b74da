/** A mask: 1 inside, 0 outside, row by row. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A connected part: the smallest box around it, in whole pixels, and its area. */
export interface Component {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly area: number;
}

export interface Components {
  /** By label - 1. */
  readonly parts: readonly Component[];
  /** Label of each pixel, 0 outside. */
  readonly labels: Int32Array;
}

/**
 * Connected parts of a mask. Pixels that touch at a corner are connected by 8 neighbors, which is what we show; outlines
 * are made by 4, where each part is one region that a line can run around.
 */
export function findComponents(mask: Bitmap, neighbors: 4 | 8 = 8): Components {
  const { width, height, data } = mask;
  const labels = new Int32Array(data.length);
  const parents = [0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (data[at] === 0) continue;
      let label = x > 0 ? (labels[at - 1] ?? 0) : 0;
      if (y > 0) {
        const [from, to] = neighbors === 8 ? [Math.max(0, x - 1), Math.min(width - 1, x + 1)] : [x, x];
        for (let above = at - width - (x - from); above <= at - width + (to - x); above++) {
          const other = labels[above] ?? 0;
          if (other !== 0) label = label === 0 ? other : joined(parents, label, other);
        }
      }
      if (label === 0) {
        label = parents.length;
        parents.push(label);
      }
      labels[at] = label;
    }
  }
  return measured(mask, labels, parents);
}

/** Largest first; then from top to bottom, from left to right. */
export function bySize(parts: readonly Component[]): readonly Component[] {
  return [...parts].sort((a, b) => b.area - a.area || a.y - b.y || a.x - b.x);
}

function rootOf(parents: number[], label: number): number {
  let root = label;
  while (parents[root] !== root) root = parents[root] ?? 0;
  // The way is made short for the next one.
  for (let at = label; at !== root;) {
    const next = parents[at] ?? root;
    parents[at] = root;
    at = next;
  }
  return root;
}

function joined(parents: number[], a: number, b: number): number {
  const [one, other] = [rootOf(parents, a), rootOf(parents, b)];
  const root = Math.min(one, other);
  parents[Math.max(one, other)] = root;
  return root;
}

/** Final labels 1, 2, … in the order of first pixels, and what each part measures. */
function measured({ width, data }: Bitmap, labels: Int32Array, parents: number[]): Components {
  const finals = new Int32Array(parents.length);
  const boxes: { left: number; top: number; right: number; bottom: number; area: number }[] = [];
  for (let at = 0; at < data.length; at++) {
    const label = labels[at] ?? 0;
    if (label === 0) continue;
    const root = rootOf(parents, label);
    const [x, y] = [at % width, Math.floor(at / width)];
    if (finals[root] === 0) finals[root] = boxes.push({ left: x, top: y, right: x, bottom: y, area: 0 });
    const final = finals[root] ?? 0;
    labels[at] = final;
    const box = boxes[final - 1];
    if (box === undefined) continue;
    box.area += 1;
    if (x < box.left) box.left = x;
    if (x > box.right) box.right = x;
    box.bottom = y;
  }
  const parts = boxes.map(({ left, top, right, bottom, area }) => ({
    x: left,
    y: top,
    width: right - left + 1,
    height: bottom - top + 1,
    area,
  }));
  return { parts, labels };
}
