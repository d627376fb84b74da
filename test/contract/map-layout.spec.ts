import { describe, expect, it } from '@jest/globals';
import { UmapLayout } from '../../src/adapters/umap/umap-layout.js';
import type { MapLayout, NeighborGraph } from '../../src/ports/map-layout.js';
import { MemoryMapLayout } from '../support/memory-map-layout.js';

const signal = new AbortController().signal;

/** Groups of points of which each has the others of its group as neighbors. */
function grouped(groups: number, size: number): NeighborGraph {
  const count = groups * size;
  const k = size - 1;
  const neighbors = Int32Array.from({ length: count * k }, (_, at) => {
    const row = Math.floor(at / k);
    const first = row - (row % size);
    return first + ((row - first + 1 + (at % k)) % size);
  });
  return { count, k, neighbors, distances: Float32Array.from(neighbors, (_, at) => 0.1 + 0.01 * (at % k)) };
}

function distance(places: Float32Array, one: number, other: number): number {
  const [x = 0, y = 0] = places.subarray(2 * one);
  const [otherX = 0, otherY = 0] = places.subarray(2 * other);
  return Math.hypot(x - otherX, y - otherY);
}

describe.each<[string, () => MapLayout]>([
  ['UMAP', () => new UmapLayout()],
  ['memory', () => new MemoryMapLayout()],
])('a layout by %s', (_name, open) => {
  it('puts neighbors together, and groups apart', async () => {
    const told: number[] = [];
    const places = await open().layOut(grouped(4, 20), { signal, onProgress: (share) => told.push(share) });
    expect(places).toHaveLength(160);
    expect(places.every(Number.isFinite)).toBe(true);
    let [inside, between, insides, betweens] = [0, 0, 0, 0];
    for (let one = 0; one < 80; one++) {
      for (let other = 0; other < one; other++) {
        const isInside = Math.floor(one / 20) === Math.floor(other / 20);
        if (isInside) [inside, insides] = [inside + distance(places, one, other), insides + 1];
        else [between, betweens] = [between + distance(places, one, other), betweens + 1];
      }
    }
    expect(inside / insides).toBeLessThan(between / betweens / 2);
    expect(told.length).toBeGreaterThan(0);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    expect(told.at(-1)).toBeLessThanOrEqual(1);
  });

  it('gives equal places for equal graphs, and takes two points', async () => {
    const options = { signal, onProgress: () => undefined };
    const one = await open().layOut(grouped(2, 12), options);
    expect(await open().layOut(grouped(2, 12), options)).toEqual(one);
    const two = { count: 2, k: 1, neighbors: Int32Array.of(1, 0), distances: Float32Array.of(0.5, 0.5) };
    expect((await open().layOut(two, options)).every(Number.isFinite)).toBe(true);
  });

  it('ends where it is told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const options = { signal: controller.signal, onProgress: () => undefined };
    await expect(open().layOut(grouped(2, 12), options)).rejects.toThrow('enough');
  });
});

describe('a layout by UMAP', () => {
  it('ends while it works, and leaves the event loop free', async () => {
    const controller = new AbortController();
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const work = new UmapLayout().layOut(grouped(300, 16), { signal: controller.signal, onProgress: () => undefined });
    setTimeout(() => {
      controller.abort(new Error('enough'));
    }, 400);
    await expect(work).rejects.toThrow('enough');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
  });
});
