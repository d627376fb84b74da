import { describe, expect, it } from '@jest/globals';
import { noCluster } from './atlas.js';
import { findMapClusters } from './map-clusters.js';
import { toUnitSquare } from './map-scale.js';

/** Points around some middles, by a generator of pseudo-random numbers (Park and Miller). */
function around(middles: readonly (readonly [number, number, number])[], spread: number) {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const normal = (): number => random() + random() + random() - 1.5;
  const points = middles.flatMap(([x, y, count]) =>
    Array.from({ length: count }, () => [x + spread * normal(), y + spread * normal()] as const),
  );
  return { x: Float32Array.from(points, ([x]) => x), y: Float32Array.from(points, ([, y]) => y) };
}

describe('the clusters of a map', () => {
  it('are its dense parts, the largest first', () => {
    const places = around(
      [
        [0.2, 0.2, 100],
        [0.8, 0.3, 300],
        [0.5, 0.8, 200],
      ],
      0.03,
    );
    const { cluster, counts } = findMapClusters(places);
    expect(counts).toEqual([300, 200, 100]);
    expect(new Set(cluster.subarray(0, 100))).toEqual(new Set([2]));
    expect(new Set(cluster.subarray(100, 400))).toEqual(new Set([0]));
  });

  it('are not made of single points, and a wide cloud is one', () => {
    const { cluster, counts } = findMapClusters(
      around(
        [
          [0.4, 0.5, 4000],
          [0.95, 0.05, 1],
        ],
        0.12,
      ),
    );
    expect(counts[0]).toBeGreaterThan(3600);
    expect(cluster.at(-1)).toBe(noCluster);
  });

  it('are none where there is no point', () => {
    expect(findMapClusters({ x: new Float32Array(), y: new Float32Array() }).counts).toEqual([]);
  });
});

describe('the scale of a map', () => {
  it('puts all points into the square and keeps the proportions of distances', () => {
    const { x, y } = toUnitSquare(Float32Array.of(-10, 4, 30, 4, 10, 14));
    expect(Math.min(...x)).toBeCloseTo(0.02);
    expect(Math.max(...x)).toBeCloseTo(0.98);
    expect((y[2] ?? 0) - (y[0] ?? 0)).toBeCloseTo(((x[1] ?? 0) - (x[0] ?? 0)) / 4);
    expect((Math.min(...y) + Math.max(...y)) / 2).toBeCloseTo(0.5);
  });

  it('puts points that lie on one place into the middle', () => {
    expect(toUnitSquare(Float32Array.of(3, 7, 3, 7))).toEqual({
      x: Float32Array.of(0.5, 0.5),
      y: Float32Array.of(0.5, 0.5),
    });
    expect(toUnitSquare(new Float32Array()).x).toHaveLength(0);
  });
});
