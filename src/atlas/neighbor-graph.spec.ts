import { describe, expect, it } from '@jest/globals';
import { figureInGroup, vectorInGroup } from '../../test/support/grouped-figures.js';
import { MemoryEmbeddings, panelOf } from '../../test/support/memory-embeddings.js';
import { MemoryVectorIndex } from '../../test/support/memory-vector-index.js';
import { space } from '../../test/support/drawn-figures.js';
import { buildNeighborGraph, listWholePanels } from './neighbor-graph.js';

const signal = new AbortController().signal;
const groups = 2;

/** Figures 1 to `count`, by turns of one group and of the other. */
function opened(count: number) {
  const vectors = new MemoryEmbeddings();
  const index = new MemoryVectorIndex(space.dimensions);
  for (let number = 1; number <= count; number++) {
    vectors.add(number, vectorInGroup(number % groups, number));
    index.add([figureInGroup(number % groups, number)]);
  }
  return { vectors, index, panels: vectors.panels };
}

describe('the neighbors of figures', () => {
  async function graphOf(sources: ReturnType<typeof opened>, points: readonly number[]) {
    const asOf = await sources.vectors.corpusState();
    await sources.panels.update();
    const told: number[] = [];
    const request = { space: space.version, asOf, points: Uint32Array.from(points), signal };
    const graph = await buildNeighborGraph(sources, { ...request, onProgress: (done) => told.push(done) });
    return { ...graph, told };
  }

  it('are the nearest others, each once, the nearest first', async () => {
    const count = 40;
    const { k, neighbors, distances, told } = await graphOf(
      opened(count),
      Array.from({ length: count }, (_, i) => i + 1),
    );
    expect(k).toBe(15);
    for (let row = 0; row < count; row++) {
      const own = [...neighbors.subarray(row * k, (row + 1) * k)];
      expect(new Set(own).size).toBe(k);
      expect(own).not.toContain(row);
      // Each group has 20 figures: its 19 others are nearer than any of the other group.
      expect(own.every((one) => one % groups === row % groups)).toBe(true);
      const far = [...distances.subarray(row * k, (row + 1) * k)];
      expect([...far].sort((a, b) => a - b)).toEqual(far);
    }
    expect(told).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it('fill every row, also that of a figure that is gone, and of one that has too few', async () => {
    const sources = opened(12);
    sources.vectors.delete([panelOf(3)]);
    const { k, count, neighbors, distances } = await graphOf(sources, [1, 2, 3, 4, 5, 6]);
    expect([count, k]).toEqual([6, 5]);
    for (let row = 0; row < count; row++) {
      expect(new Set(neighbors.subarray(row * k, (row + 1) * k))).toEqual(
        new Set([0, 1, 2, 3, 4, 5].filter((one) => one !== row)),
      );
    }
    expect([...distances.subarray(2 * k, 3 * k)]).toEqual([2, 2, 2, 2, 2]);
  });

  it('are looked for among the figures that were there at the beginning', async () => {
    const sources = opened(10);
    const before = await sources.vectors.corpusState();
    await sources.panels.update();
    sources.vectors.add(11, vectorInGroup(1, 11));
    const { panels, lastVector } = await listWholePanels(sources, space.version, before);
    expect([...panels]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(lastVector).toBe(10);
  });
});
