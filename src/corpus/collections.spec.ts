import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemoryCollectionStore } from '../../test/support/memory-collection-store.js';
import { MemoryFigureStore } from '../../test/support/memory-figure-store.js';
import { Collections } from './collections.js';
import { localOperator } from '../domain/viewer.js';

const maxFirst = 60;
const figures = Array.from({ length: 70 }, (_, number) => drawnFigure(number));
const figureIds = figures.map(({ figure }) => figure.id);

describe('collections', () => {
  let collections: Collections;

  beforeEach(() => {
    const stored = new MemoryFigureStore();
    for (const { figure, panels } of figures) stored.add(figure, panels);
    collections = new Collections(new MemoryCollectionStore(stored), maxFirst);
  });

  const badInput = (message: string) => ({ code: 'BAD_USER_INPUT', message });

  it('have a name without surrounding spaces, and no empty description', async () => {
    expect(await collections.create(localOperator, ' Smears ', '  ')).toMatchObject({
      name: 'Smears',
      description: null,
      size: 0,
    });
    expect(await collections.create(localOperator, 'Smears', ' of blood ')).toMatchObject({ description: 'of blood' });
    expect(await collections.create(localOperator, 'Smears', undefined)).toMatchObject({ description: null });
  });

  it('refuse a name or a text that is too long, and a name that is empty', async () => {
    const { id } = await collections.create(localOperator, 'Smears', null);
    const wrongName = (length: number) => badInput(`Expected a name of 1 to 200 characters but received ${length}`);
    const longText = badInput('Expected a text of at most 5000 characters but received 5001');
    await expect(collections.create(localOperator, ' ', null)).rejects.toMatchObject(wrongName(0));
    await expect(
      collections.update(localOperator, id, { name: 'n'.repeat(201), description: null }),
    ).rejects.toMatchObject(wrongName(201));
    await expect(collections.create(localOperator, 'Smears', 't'.repeat(5001))).rejects.toMatchObject(longText);
    await expect(collections.add(localOperator, id, [], 't'.repeat(5001))).rejects.toMatchObject(longText);
  });

  it('change what is given, and an empty description removes the description', async () => {
    const { id } = await collections.create(localOperator, 'Smears', 'of blood');
    const renamed = await collections.update(localOperator, id, { name: ' Films ', description: null });
    expect(renamed).toMatchObject({ name: 'Films', description: 'of blood' });
    const emptied = await collections.update(localOperator, id, { name: undefined, description: '' });
    expect(emptied).toMatchObject({ name: 'Films', description: null });
  });

  it('are listed 20 at a time, their members 50 at a time, and no more than the server allows', async () => {
    for (let number = 0; number < 70; number++) await collections.create(localOperator, `collection ${number}`, null);
    const [firstCollection] = (await collections.page(localOperator, { after: 0, first: 1 })).items;
    const id = firstCollection?.id ?? '';
    await collections.add(localOperator, id, figureIds, null);
    const countOf = async (first: number | null) => [
      (await collections.page(localOperator, { after: 0, first })).items.length,
      (await collections.items(localOperator, id, { after: 0, first })).items.length,
    ];
    expect(await countOf(null)).toEqual([20, 50]);
    expect(await countOf(3)).toEqual([3, 3]);
    expect(await countOf(1000)).toEqual([maxFirst, maxFirst]);
    const wrongFirst = badInput('Expected first to be from 1 to 1000 but received 0');
    await expect(collections.page(localOperator, { after: 0, first: 0 })).rejects.toMatchObject(wrongFirst);
    await expect(collections.items(localOperator, id, { after: 0, first: 0 })).rejects.toMatchObject(wrongFirst);
  });

  it('take at most 1000 figures in one change', async () => {
    const { id } = await collections.create(localOperator, 'Smears', null);
    const many = Array.from({ length: 1001 }, (_, i) => figureIds[i % figureIds.length] ?? '');
    const tooMany = badInput('Expected at most 1000 figures but received 1001');
    await expect(collections.add(localOperator, id, many, null)).rejects.toMatchObject(tooMany);
    await expect(collections.remove(localOperator, id, many)).rejects.toMatchObject(tooMany);
    expect(await collections.add(localOperator, id, many.slice(1), null)).toMatchObject({ size: figures.length });
    expect(await collections.remove(localOperator, id, many.slice(1))).toMatchObject({ size: 0 });
  });

  it('are deleted by their id, which is the answer', async () => {
    const { id } = await collections.create(localOperator, 'Smears', null);
    expect(await collections.delete(localOperator, id)).toBe(id);
    expect(await collections.byIds(localOperator, [id])).toEqual(new Map());
    await expect(collections.delete(localOperator, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await collections.restore(localOperator, id)).toMatchObject({ id, name: 'Smears' });
  });
});
