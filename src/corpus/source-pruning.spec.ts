import { describe, expect, it } from '@jest/globals';
import { figureIdOf, imageHashOf, type FigureId } from '../domain/ids.js';
import { pruneSource, refusalToPrune } from './source-pruning.js';

const run = { read: 5, unreadable: 0, wasSuspended: false };

describe('pruneSource', () => {
  it('removes a few figures a transaction, and looks for them once where they are not very many', async () => {
    let left: readonly FigureId[] = Array.from({ length: 450 }, (_, at) => figureIdOf(`figure-${at}`));
    let looks = 0;
    const removals: number[] = [];
    const sources = {
      unreadOf: (_source: string, _run: string, limit: number) => {
        looks++;
        return Promise.resolve(left.slice(0, limit));
      },
    };
    const writer = {
      delete: (ids: readonly string[]) => {
        removals.push(ids.length);
        const gone = left.filter((id) => ids.includes(id));
        left = left.filter((id) => !ids.includes(id));
        return Promise.resolve(gone.map((id) => ({ id, imageHash: imageHashOf(Buffer.from(id)) })));
      },
    };
    const { removed, images } = await pruneSource('atlas', 'run_1', { sources, writer });
    expect({ removed, images: images.size, left, looks }).toEqual({ removed: 450, images: 450, left: [], looks: 1 });
    expect(removals).toEqual([200, 200, 50]);
  });
});

describe('refusalToPrune', () => {
  it('lets a whole run remove what it has not read', () => {
    expect(refusalToPrune(run)).toBeNull();
  });

  it.each([
    ['no records', { ...run, read: 0 }, 'no records'],
    ['one part that could not be read', { ...run, unreadable: 1 }, 'a part of the source'],
    ['several such parts', { ...run, unreadable: 3 }, '3 parts of the source'],
    ['a pause in which others may have forgotten it', { ...run, wasSuspended: true }, 'suspended'],
  ])('says why a run with %s removes nothing', (_what, given, reason) => {
    expect(refusalToPrune(given)).toContain(reason);
  });
});
