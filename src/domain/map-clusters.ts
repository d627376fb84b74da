import { maxClusters, noCluster } from './atlas.js';
import type { Places } from './map-scale.js';

/** Two peaks are one cluster where the density between them is at least this share of the lower peak's. */
const sameCluster = 0.6;
const minPoints = 4;
/** A cluster holds at least this share of the points. */
const minShare = 0.002;
const maxCells = 128;
const minCells = 40;

export interface MapClusters {
  /** The cluster of each point; `noCluster` for none. */
  readonly cluster: Uint16Array;
  /** How many points each cluster has, the largest first. */
  readonly counts: readonly number[];
}

/**
 * The dense parts of a map: peaks of the density on a grid, each with the cells that rise to it. Neighboring peaks with a high
 * ridge between them are one cluster; small ones are none.
 * Source: Chazal, Guibas, Oudot and Skraba, “Persistence-based clustering in Riemannian manifolds” (ToMATo), J. ACM 2013.
 * @param places in 0..1
 */
export function findMapClusters(places: Places): MapClusters {
  const count = places.x.length;
  const side = Math.min(maxCells, Math.max(minCells, Math.round(Math.sqrt(count))));
  const cells = Uint32Array.from(places.x, (x, i) => cellOf(x, places.y[i] ?? 0, side));
  const density = smoothed(smoothed(countCells(cells, side), side), side);
  const peaks = mergePeaks(density, side);
  const sizes = new Map<number, number>();
  for (const cell of cells) {
    const peak = peaks[cell] ?? 0;
    sizes.set(peak, (sizes.get(peak) ?? 0) + 1);
  }
  const least = Math.max(minPoints, count * minShare);
  const kept = [...sizes].filter(([, size]) => size >= least).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const largest = kept.slice(0, maxClusters);
  const numberOf = new Map(largest.map(([peak], number) => [peak, number]));
  return {
    cluster: Uint16Array.from(cells, (cell) => numberOf.get(peaks[cell] ?? 0) ?? noCluster),
    counts: largest.map(([, size]) => size),
  };
}

function cellOf(x: number, y: number, side: number): number {
  const at = (value: number): number => Math.min(side - 1, Math.max(0, Math.floor(value * side)));
  return at(y) * side + at(x);
}

function countCells(cells: Uint32Array, side: number): Float64Array {
  const counts = new Float64Array(side * side);
  for (const cell of cells) counts[cell] = (counts[cell] ?? 0) + 1;
  return counts;
}

/** Each cell with its neighbors, weighted 1 2 1 along both axes. */
function smoothed(values: Float64Array, side: number): Float64Array {
  return values.map((own, cell) => {
    let sum = 4 * own;
    for (const [near, isStraight] of neighborsOf(cell, side)) sum += (isStraight ? 2 : 1) * (values[near] ?? 0);
    return sum / 16;
  });
}

function neighborsOf(cell: number, side: number): readonly (readonly [number, boolean])[] {
  const column = cell % side;
  const row = Math.floor(cell / side);
  const found: (readonly [number, boolean])[] = [];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const isInside = column + dx >= 0 && column + dx < side && row + dy >= 0 && row + dy < side;
      if (isInside && (dx !== 0 || dy !== 0)) found.push([cell + dy * side + dx, dx === 0 || dy === 0]);
    }
  }
  return found;
}

/** The peak that each cell belongs to, as the number of the peak's cell. */
function mergePeaks(density: Float64Array, side: number): Uint32Array {
  const parent = Uint32Array.from(density, (_, cell) => cell);
  const rootOf = (cell: number): number => {
    let root = cell;
    while (parent[root] !== root) root = parent[root] ?? root;
    return root;
  };
  const densityOf = (cell: number): number => density[cell] ?? 0;
  const order = Array.from(density.keys()).filter((cell) => densityOf(cell) > 0);
  order.sort((a, b) => densityOf(b) - densityOf(a) || a - b);
  const done = new Uint8Array(density.length);
  for (const cell of order) {
    done[cell] = 1;
    const higher = neighborsOf(cell, side).filter(([near]) => done[near] === 1);
    higher.sort(([a], [b]) => densityOf(b) - densityOf(a) || a - b);
    for (const [near] of higher) {
      const [own, other] = [rootOf(cell), rootOf(near)];
      if (own === other) continue;
      const [low, high] = densityOf(own) < densityOf(other) ? [own, other] : [other, own];
      if (own === cell || densityOf(cell) >= sameCluster * densityOf(low)) parent[low] = high;
    }
  }
  return parent.map((_, cell) => rootOf(cell));
}
