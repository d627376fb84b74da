import { MapLayout, type LayoutOptions, type NeighborGraph } from '../../src/ports/map-layout.js';

/** How near a neighbor has to be to count as one of the group. */
const maxDistance = 1;

/** Lays out without a library: points that are joined by near neighbors lie around one place of a circle. */
export class MemoryMapLayout extends MapLayout {
  async layOut({ count, k, neighbors, distances }: NeighborGraph, options: LayoutOptions): Promise<Float32Array> {
    options.signal.throwIfAborted();
    const group = Int32Array.from({ length: count }, (_, row) => row);
    const rootOf = (row: number): number => {
      const parent = group[row] ?? row;
      return parent === row ? row : rootOf(parent);
    };
    for (let at = 0; at < count * k; at++) {
      if ((distances[at] ?? 0) < maxDistance) group[rootOf(neighbors[at] ?? 0)] = rootOf(Math.floor(at / k));
    }
    const roots = [...new Set(Array.from(group, (_, row) => rootOf(row)))];
    options.onProgress(1);
    return Promise.resolve(
      Float32Array.from({ length: 2 * count }, (_, at) => {
        const row = Math.floor(at / 2);
        const angle = (2 * Math.PI * roots.indexOf(rootOf(row))) / roots.length;
        const jitter = 0.05 * Math.sin(7 * row + at);
        return (at % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) + jitter;
      }),
    );
  }
}
