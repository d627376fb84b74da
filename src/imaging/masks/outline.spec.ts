import { describe, expect, it } from '@jest/globals';
import { findComponents, type Bitmap } from './components.js';
import { traceOutline, type Point, type Ring } from './outline.js';

function drawn(...rows: readonly string[]): Bitmap {
  const width = rows[0]?.length ?? 0;
  const data = Uint8Array.from(rows.join(''), (letter) => Number(letter === '#'));
  return { width, height: rows.length, data };
}

/** Blots of a made-up but fixed kind: with holes, bridges of one pixel and parts that touch at corners. */
function blots(seed: number, width: number, height: number): Bitmap {
  const data = new Uint8Array(width * height);
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let i = 0; i < data.length; i++) {
    const left = i % width > 0 ? (data[i - 1] ?? 0) : 0;
    const above = i >= width ? (data[i - width] ?? 0) : 0;
    data[i] = Number(next() < 0.15 + 0.35 * left + 0.35 * above);
  }
  return { width, height, data };
}

function segmentsOf(ring: Ring): (readonly [Point, Point])[] {
  return ring.slice(1).map((point, i) => [ring[i] ?? point, point] as const);
}

function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
}

/** Whether two segments have a point in common. */
function meet([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  const apart = (i: 0 | 1) =>
    Math.max(a[i], b[i]) < Math.min(c[i], d[i]) || Math.max(c[i], d[i]) < Math.min(a[i], b[i]);
  if (apart(0) || apart(1)) return false;
  return turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0;
}

/** How often segments meet that do not follow each other in one ring. */
function crossings(rings: readonly Ring[]): number {
  const all = rings.flatMap((ring, number) =>
    segmentsOf(ring).map((segment, i) => ({ segment, number, i, of: ring.length - 1 })),
  );
  let count = 0;
  all.forEach((one, at) => {
    for (const other of all.slice(at + 1)) {
      const gap = Math.abs(one.i - other.i);
      const follow = one.number === other.number && (gap === 1 || gap === one.of - 1);
      if (!follow && meet(one.segment, other.segment)) count += 1;
    }
  });
  return count;
}

/** Even-odd rule over all rings. */
function covers(rings: readonly Ring[], x: number, y: number): boolean {
  let inside = false;
  for (const [[ax, ay], [bx, by]] of rings.flatMap(segmentsOf)) {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function area(ring: Ring): number {
  return segmentsOf(ring).reduce((sum, [[ax, ay], [bx, by]]) => sum + ax * by - bx * ay, 0) / 2;
}

describe('outlines', () => {
  it('closes a ring around a square and cuts its corners by less than half a pixel', () => {
    const [polygon] = traceOutline(drawn('....', '.##.', '.##.', '....'));
    expect(polygon?.holes).toEqual([]);
    const outer = polygon?.outer ?? [];
    expect(outer[0]).toEqual(outer.at(-1));
    expect(area(outer)).toBeCloseTo(4 - 4 / 8);
    expect(outer.flat().every((value) => value >= 1 && value <= 3)).toBe(true);
  });

  it('gives a hole to the region that it lies in, and not to the one inside it', () => {
    const polygons = traceOutline(drawn('#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######'));
    expect(polygons.map(({ holes }) => holes.length)).toEqual([1, 1]);
    expect(area(polygons[0]?.outer ?? [])).toBeGreaterThan(40);
    expect(area(polygons[0]?.holes[0] ?? [])).toBeLessThan(0);
  });

  it('keeps parts apart that touch at a corner, also across a hole', () => {
    expect(traceOutline(drawn('#.', '.#'))).toHaveLength(2);
    const pinched = traceOutline(drawn('####', '#.##', '##.#', '####'));
    expect(pinched).toHaveLength(1);
    expect(crossings([pinched[0]?.outer ?? [], ...(pinched[0]?.holes ?? [])])).toBe(0);
  });

  it('says nothing of an empty mask and follows the border of a full one', () => {
    expect(traceOutline(drawn('..', '..'))).toEqual([]);
    expect(area(traceOutline(drawn('###', '###'))[0]?.outer ?? [])).toBeCloseTo(6 - 0.5);
  });

  it.each([1, 2, 3, 4, 5, 6])('is valid, closed and true to every pixel (mask %i)', (seed) => {
    const mask = blots(seed, 40, 30);
    const polygons = traceOutline(mask);
    expect(polygons).toHaveLength(findComponents(mask, 4).parts.length);
    const rings = polygons.flatMap(({ outer, holes }) => [outer, ...holes]);
    expect(rings.every((ring) => ring.length >= 4 && ring[0]?.join() === ring.at(-1)?.join())).toBe(true);
    expect(polygons.every(({ outer }) => area(outer) > 0)).toBe(true);
    expect(polygons.every(({ holes }) => holes.every((hole) => area(hole) < 0))).toBe(true);
    expect(crossings(rings)).toBe(0);
    // The middle of a pixel is half a pixel from its border: an outline that is nearer covers just what is inside.
    const covered = Array.from(mask.data, (_, i) => Number(covers(rings, (i % 40) + 0.5, Math.floor(i / 40) + 0.5)));
    expect(covered).toEqual([...mask.data]);
  });

  it('needs few points for slanted and round borders', () => {
    const [width, height] = [200, 200];
    const data = new Uint8Array(width * height);
    for (let i = 0; i < data.length; i++) {
      data[i] = Number(((i % width) - 100) ** 2 + (Math.floor(i / width) - 100) ** 2 < 6400);
    }
    const [polygon] = traceOutline({ width, height, data });
    expect(polygon?.outer.length).toBeLessThan(330);
    expect(Math.abs(area(polygon?.outer ?? []) / (Math.PI * 6400) - 1)).toBeLessThan(0.005);
  });
});
