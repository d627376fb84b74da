import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemoryCollectionStore } from '../../test/support/memory-collection-store.js';
import { MemoryCurationStore } from '../../test/support/memory-curation-store.js';
import { MemoryFigureStore } from '../../test/support/memory-figure-store.js';
import { localOperator } from '../domain/viewer.js';
import { Curation } from './curation.js';

const figures = Array.from({ length: 5 }, (_, number) => drawnFigure(number));
const [one = '', two = ''] = figures.map(({ figure }) => figure.id);

describe('curation', () => {
  let curation: Curation;
  let collections: MemoryCollectionStore;
  let id: string;

  beforeEach(async () => {
    const stored = new MemoryFigureStore();
    for (const { figure, panels } of figures) stored.add(figure, panels);
    collections = new MemoryCollectionStore(stored);
    curation = new Curation(new MemoryCurationStore(collections), 3);
    ({ id } = await collections.create('Smears', null));
    await collections.add(id, [one], 'first');
  });

  it('takes a rating back by NONE', async () => {
    const all = () => curation.ratings(localOperator, id, null, { after: 0, first: null });
    await curation.rate(localOperator, id, two, 'IRRELEVANT');
    expect((await all()).items).toMatchObject([{ figureId: two, rating: 'IRRELEVANT', isMember: false }]);
    await curation.rate(localOperator, id, two, 'NONE');
    expect((await all()).items).toEqual([]);
  });

  it('keeps each tag once, without surrounding spaces, and leaves what is not given', async () => {
    const item = await curation.annotate(localOperator, id, one, { note: null, tags: [' clear ', 'clear', 'train'] });
    expect(item).toMatchObject({ note: 'first', tags: ['clear', 'train'] });
    const emptied = await curation.annotate(localOperator, id, one, { note: ' ', tags: undefined });
    expect(emptied).toMatchObject({ note: null, tags: ['clear', 'train'] });
    expect(await curation.annotate(localOperator, id, one, { note: null, tags: [] })).toMatchObject({ tags: [] });
  });

  it('refuses tags that are empty, too long or too many', async () => {
    const withTags = (tags: readonly string[]) => curation.annotate(localOperator, id, one, { note: null, tags });
    const badInput = (message: string) => ({ code: 'BAD_USER_INPUT', message });
    const wrongLength = (length: number) =>
      badInput(`Expected tags of 1 to 100 characters but received one of ${length}`);
    await expect(withTags([' '])).rejects.toMatchObject(wrongLength(0));
    await expect(withTags(['t'.repeat(101)])).rejects.toMatchObject(wrongLength(101));
    const many = Array.from({ length: 51 }, (_, number) => `tag ${number}`);
    await expect(withTags(many)).rejects.toMatchObject(badInput('Expected at most 50 tags but received 51'));
  });

  it('lists no more ratings than the server allows', async () => {
    for (const { figure } of figures) await curation.rate(localOperator, id, figure.id, 'RELEVANT');
    const page = await curation.ratings(localOperator, id, 'RELEVANT', { after: 0, first: 100 });
    expect(page.items).toHaveLength(3);
    expect(page.hasNextPage).toBe(true);
  });
});
