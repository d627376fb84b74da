import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemorySearch } from '../../test/support/memory-search.js';
import { figureIdOf, type FigureId } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { Suggestions } from './suggestions.js';

const idOf = (number: number) => figureIdOf(`figure-${number}`);
/** Figures 0, 3, 6, … show one thing, 1, 4, 7, … a second one, 2, 5, 8, … a third one. */
const kinds = 3;
const count = 60;

/** A unit vector near the direction of its kind. */
function vectorOf(number: number, dimensions: number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, (_, at) => 0.2 * Math.sin(1 + number * 7.3 + at * 2.1));
  const kind = number % kinds;
  vector[kind] = (vector[kind] ?? 0) + 1;
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

describe('suggestions', () => {
  let memory: MemorySearch;
  let suggestions: Suggestions;
  let id: string;

  beforeEach(async () => {
    memory = new MemorySearch();
    const { version, dimensions } = memory.encoder.model;
    for (let number = 0; number < count; number++) {
      const drawn = drawnFigure(number, memory.encoder.model);
      const embeddings = drawn.embeddings.map((one) =>
        one.kind === 'IMAGE' ? { ...one, vector: vectorOf(number, dimensions) } : one,
      );
      await memory.add({ ...drawn, embeddings });
    }
    const { stored, index } = memory;
    suggestions = new Suggestions(() => ({ version, index }), stored, 30);
    ({ id } = await stored.collections.create('Kind 0', null));
  });

  async function suggested(first = 10): Promise<readonly FigureId[]> {
    return (await suggestions.of(localOperator, id, first)).map(({ figureId }) => figureId);
  }

  const kindsOf = (ids: readonly FigureId[]) =>
    ids.map((figureId) => Array.from({ length: count }, (_, number) => idOf(number)).indexOf(figureId) % kinds);

  it('are like the members, and are no members', async () => {
    const members = [0, 3, 6].map(idOf);
    await memory.stored.collections.add(id, members, null);
    const found = await suggested();
    expect(found).toHaveLength(10);
    expect(kindsOf(found)).toEqual(Array<number>(10).fill(0));
    expect(found.filter((one) => members.includes(one))).toEqual([]);
    expect(await suggested()).toEqual(found);
  });

  it('say what is shown of each, and how well it fits', async () => {
    await memory.stored.collections.add(id, [0, 3, 6].map(idOf), null);
    const [first, second] = await suggestions.of(localOperator, id, 2);
    expect(first).toMatchObject({
      rank: 1,
      isMatch: null,
      duplicates: [],
      stored: { figure: { id: first?.figureId } },
    });
    expect(second?.rank).toBe(2);
    expect(first?.evidence).toMatchObject([{ channel: 'IMAGE', rank: 1 }]);
    expect(first?.score).toBeGreaterThan(second?.score ?? 1);
    expect(first?.score).toBeLessThan(1);
  });

  it('follow ratings: what is rated is never suggested, and what is like a rejected figure falls behind', async () => {
    await memory.stored.collections.add(id, [0, 1].map(idOf), null);
    expect(new Set(kindsOf(await suggested(20)))).toEqual(new Set([0, 1]));
    const rejected = [4, 7, 10, 13].map(idOf);
    for (const figureId of rejected) await memory.stored.curation.rate(id, figureId, 'IRRELEVANT');
    await memory.stored.curation.rate(id, idOf(1), 'IRRELEVANT');
    for (const number of [3, 6]) await memory.stored.curation.rate(id, idOf(number), 'RELEVANT');
    const found = await suggested(15);
    expect(kindsOf(found)).toEqual(Array<number>(15).fill(0));
    for (const figureId of [...rejected, idOf(3), idOf(6)]) expect(found).not.toContain(figureId);
  });

  it('go on behind any number of rated figures', async () => {
    await memory.stored.collections.add(id, [idOf(0)], null);
    for (let number = 1; number < count - 2; number++) {
      await memory.stored.curation.rate(id, idOf(number), 'IRRELEVANT');
    }
    expect(new Set(await suggested())).toEqual(new Set([idOf(count - 2), idOf(count - 1)]));
  });

  it('are none for a collection that nothing belongs to, and for one that does not exist', async () => {
    expect(await suggested()).toEqual([]);
    await memory.stored.curation.rate(id, idOf(1), 'IRRELEVANT');
    expect(await suggested()).toEqual([]);
    expect(await suggestions.of(localOperator, 'col_none', 5)).toEqual([]);
  });

  it('are at most as many as the server allows', async () => {
    await memory.stored.collections.add(id, [idOf(0)], null);
    expect(await suggested(1000)).toHaveLength(30);
    await expect(suggested(0)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
