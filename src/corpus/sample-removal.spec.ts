import { describe, expect, it } from '@jest/globals';
import { figureIdInSource } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { SampleRemoval } from './sample-removal.js';

describe('the removal of sample figures', () => {
  it('deletes those of the samples that are there, and nothing else', async () => {
    const stored = new Map([
      ['one', figureIdInSource('samples', 'one')],
      ['two', figureIdInSource('samples', 'two')],
      ['own', figureIdInSource('mine', 'own')],
    ]);
    const deleted: string[] = [];
    const removal = new SampleRemoval(
      () => ({ source: 'samples', keys: ['one', 'two', 'three'] }),
      {
        idsOfSource: (source, keys) => {
          expect(source).toBe('samples');
          return Promise.resolve(keys.flatMap((key) => stored.get(key) ?? []));
        },
      },
      {
        delete: (_viewer, id) => {
          deleted.push(id);
          for (const [key, one] of stored) if (one === id) stored.delete(key);
          return Promise.resolve();
        },
      },
    );
    expect(await removal.count(localOperator)).toBe(2);
    expect(await removal.removeAll(localOperator)).toBe(2);
    expect(deleted).toHaveLength(2);
    expect([...stored.keys()]).toEqual(['own']);
    expect(await removal.removeAll(localOperator)).toBe(0);
  });
});
