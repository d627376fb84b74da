import { findComponents, type Bitmap } from './components.js';

/** [x, y] in pixels; a pixel covers the square from its own coordinates to the next. */
export type Point = readonly [number, number];
/** A closed line: the last point is the first one. */
export type Ring = readonly Point[];

/** A region with its holes; outer rings run clockwise as seen (y downwards), holes the other way. */
export interface Polygon {
  readonly outer: Ring;
  readonly holes: readonly Ring[];
}

/**
 * Corners are cut at the middle of pixel edges (0.354 pixels), and what is left may be simplified by this much: together
 * less than half a pixel. Two lines are never nearer than 0.7 pixels before it, so that none can cross another after it.
 */
const tolerance = 0.14;

/**
 * The outline of a mask: a polygon for each part that is connected by edges. Every ring is closed and simple, rings do
 * not touch each other, and no point is farther than half a pixel from the true border.
 */
export function traceOutline(mask: Bitmap): readonly Polygon[] {
  const { width, height, data } = mask;
  const { parts, labels } = findComponents(mask, 4);
  const polygons = Array.from({ length: parts.length }, () => ({ outer: [] as Ring, holes: [] as Ring[] }));
  const visited = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      // Every ring has an edge with the outside above it.
      if (data[at] === 0 || visited[at] === 1 || (y > 0 && data[at - width] === 1)) continue;
      const middles = followBorder(mask, x, y, visited);
      const ring = closed(simplified(withoutStraight(middles)));
      const polygon = polygons[(labels[at] ?? 0) - 1];
      if (polygon === undefined) throw new Error('a border belongs to a part');
      if (signedArea(middles) > 0) polygon.outer = ring;
      else polygon.holes.push(ring);
    }
  }
  return polygons;
}

/** East, south, west, north; y runs downwards. */
const steps: readonly Point[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** The pixel to the right of a step from a grid point, by direction; the one to the left is that of the direction before. */
const rightPixels: readonly Point[] = [
  [0, 0],
  [-1, 0],
  [-1, -1],
  [0, -1],
];

/** Walks along a border with the mask at the right hand, from the upper edge of a pixel. @returns middles of pixel edges */
function followBorder({ width, height, data }: Bitmap, startX: number, startY: number, visited: Uint8Array): Point[] {
  const isInside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  const pixelAt = (x: number, y: number, [dx, dy]: Point = [0, 0]) => isInside(x + dx, y + dy);
  const middles: Point[] = [];
  let [x, y, direction] = [startX, startY, 0];
  do {
    if (direction === 0) visited[y * width + x] = 1;
    const [dx, dy] = steps[direction] ?? [0, 0];
    middles.push([x + dx / 2, y + dy / 2]);
    x += dx;
    y += dy;
    // A part that touches at a corner only is another part: the corner is walked around.
    if (!pixelAt(x, y, rightPixels[direction])) direction = (direction + 1) % 4;
    else if (pixelAt(x, y, rightPixels[(direction + 3) % 4])) direction = (direction + 3) % 4;
  } while (x !== startX || y !== startY || direction !== 0);
  return middles;
}

/** Twice the area; positive for a ring that runs clockwise as seen. */
function signedArea(points: readonly Point[]): number {
  let sum = 0;
  points.forEach(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length] ?? [0, 0];
    sum += x * nextY - nextX * y;
  });
  return sum;
}

/** Leaves out the points that lie on the line between their neighbors. */
function withoutStraight(points: readonly Point[]): Point[] {
  return points.filter(([x, y], i) => {
    const [beforeX, beforeY] = points.at(i - 1) ?? [x, y];
    const [afterX, afterY] = points[(i + 1) % points.length] ?? [x, y];
    return (x - beforeX) * (afterY - y) !== (y - beforeY) * (afterX - x);
  });
}

/** Douglas and Peucker's simplification of a ring, from its first point and the one farthest from that. */
function simplified(points: readonly Point[]): Point[] {
  const [first] = points;
  if (first === undefined || points.length <= 4) return [...points];
  let far = 0;
  points.forEach((point, i) => {
    if (Math.hypot(point[0] - first[0], point[1] - first[1]) > distanceOf(points, far, first)) far = i;
  });
  const line = [...points, first];
  const kept = new Set([0, far]);
  const open: [number, number][] = [
    [0, far],
    [far, points.length],
  ];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [from, to] = range;
    const middle = farthestFromChord(line, from, to);
    if (middle === null) continue;
    kept.add(middle);
    open.push([from, middle], [middle, to]);
  }
  return points.filter((_, i) => kept.has(i));
}

function distanceOf(points: readonly Point[], at: number, [x, y]: Point): number {
  const [px, py] = points[at] ?? [x, y];
  return Math.hypot(px - x, py - y);
}

/** The point between two that is farthest from the segment that joins them; null where all are near enough. */
function farthestFromChord(line: readonly Point[], from: number, to: number): number | null {
  const [start, end] = [line[from], line[to]];
  if (start === undefined || end === undefined) return null;
  let found: number | null = null;
  let most = tolerance;
  for (let i = from + 1; i < to; i++) {
    const distance = distanceToSegment(line[i] ?? start, start, end);
    if (distance > most) [most, found] = [distance, i];
  }
  return found;
}

function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

function closed(points: readonly Point[]): Ring {
  const [first] = points;
  return first === undefined ? [] : [...points, first];
}
