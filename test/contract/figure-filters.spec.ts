import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FigseekError } from '../../src/domain/errors.js';
import { validateFilter, type FigureFilter, type MaskFilter } from '../../src/domain/figure-filter.js';
import { allowsAll } from '../../src/domain/figure-scope.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { articleIdOf, figureIdOf } from '../../src/domain/ids.js';
import { filters } from '../support/arbitraries.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnArticle, drawnFigure, withArticle } from '../support/drawn-figures.js';
import { drawnMask, maskRecord } from '../support/drawn-masks.js';
import { payloadOf, toPayloadCondition } from '../support/figure-payload.js';

const count = 120;
const modalities = ['Radiograph', 'histology', 'électron'];
const licenses = ['CC BY 4.0', 'cc by-nc 4.0', 'CC0', 'All rights reserved'];
const journals = ['eLife', 'PLoS Biology'];
const labels = ['Lung', 'nodule', 'Sjögren'];

function figureOf(number: number): FigureWrite {
  const drawn = drawnFigure(number);
  const key = number % 11;
  const article = drawnArticle(`article-${key}`, {
    ...{ pmcid: `PMC${100 + key}`, retracted: key === 10, year: key === 9 ? null : 1998 + key },
    ...{ license: licenses[key % 5] ?? null, journal: journals[key % 3] ?? null },
  });
  return withArticle(
    {
      ...drawn,
      figure: {
        ...drawn.figure,
        modality: modalities[number % 4] ?? null,
        license: licenses[number % 7] ?? null,
        labels: labels.filter((_, at) => ((number >> at) & 1) === 1),
        createdAt: new Date(number * 2000),
      },
      embeddings: [],
    },
    article,
  );
}

const id = (number: number) => figureIdOf(`figure-${number}`);

/** Ids of all figures that a filter allows, in their order. */
async function allowedIds({ stores }: OpenedCorpus, filter: FigureFilter | null): Promise<readonly string[]> {
  const scope = await stores.filters.resolve(filter, await stores.filters.corpus());
  const { items } = await stores.filters.page(scope, 0, 1000);
  expect(items).toHaveLength(scope.count);
  return items.map((item) => item.id);
}

describe.each(corpora)('any filter of figures in %s', (_where, open) => {
  const figures = Array.from({ length: count }, (_, number) => figureOf(number));
  const articleIds = [0, 5, 10].map((number) => articleIdOf(`article-${number}`));
  let opened: OpenedCorpus;

  beforeAll(async () => {
    opened = await open();
    await opened.stores.writer.replace(figures);
  });
  afterAll(() => opened.close());

  it('allows the same figures as a condition on payloads, unless it is refused', async () => {
    const reader = opened.stores.filters;
    const corpus = await reader.corpus();
    await fc.assert(
      fc.asyncProperty(filters({ modalities, licenses, journals, labels, articleIds }), async (filter) => {
        try {
          validateFilter(filter);
        } catch (error) {
          expect(error).toBeInstanceOf(FigseekError);
          return;
        }
        const isAllowed = toPayloadCondition(filter);
        const expected = figures.flatMap((figure, at) => (isAllowed(payloadOf(figure)) ? [at + 1] : []));
        const scope = await reader.resolve(filter, corpus);
        expect(scope.count).toBe(expected.length);
        const allowed = await reader.allowedFigures(scope);
        const found = Array.from({ length: count }, (_, at) => at + 1).filter((number) => allowed.has(number));
        expect(found).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(corpora)('filters of figures in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it('page through the allowed figures in the order of their making', async () => {
    const { writer, filters: reader } = opened.stores;
    await writer.replace([5, 1, 4, 2, 3].map(figureOf));
    await writer.replace([figureOf(5)]);
    const scope = await reader.resolve({ modalities: ['histology', 'radiograph'] }, await reader.corpus());
    const first = await reader.page(scope, 0, 2);
    expect(first).toMatchObject({ items: [{ id: id(5) }, { id: id(1) }], hasNextPage: true });
    const rest = await reader.page(scope, first.items[1]?.seq ?? 0, 2);
    expect(rest).toMatchObject({ items: [{ id: id(4) }], hasNextPage: false });
  });

  it('leave out what came after the first page of an answer', async () => {
    const { writer, filters: reader } = opened.stores;
    await writer.replace([1, 2].map(figureOf));
    const { lastFigure } = await reader.corpus();
    await writer.replace([3, 5].map(figureOf));
    const every = await reader.resolve(null, await reader.corpus());
    expect([every.count, allowsAll(every)]).toEqual([4, true]);
    for (const scope of [every, await reader.resolve({ yearFrom: 1990 }, await reader.corpus())]) {
      const earlier = { ...scope, lastFigure };
      expect((await reader.page(earlier, 0, 10)).items.map((item) => item.id)).toEqual([id(1), id(2)]);
      const allowed = await reader.allowedFigures(earlier);
      expect([allowed.has(lastFigure), allowed.has(lastFigure + 1)]).toEqual([true, false]);
      expect(await reader.facet(earlier, 'year', 5)).toEqual([
        { value: '1999', key: '1999', count: 1 },
        { value: '2000', key: '2000', count: 1 },
      ]);
    }
  });

  it('have one key for one filter as long as nothing changes', async () => {
    const { writer, filters: reader } = opened.stores;
    await writer.replace([figureOf(1)]);
    const before = await reader.corpus();
    expect(await reader.corpus()).toEqual(before);
    const scope = await reader.resolve({ yearFrom: 2010 }, before);
    expect(await reader.resolve({ yearFrom: 2010 }, before)).toEqual(scope);
    expect((await reader.resolve({ yearFrom: 2011 }, before)).key).not.toBe(scope.key);
    const changes = [
      () => writer.replace([figureOf(2)]),
      () => writer.replace([figureOf(2)]),
      () => writer.delete([id(1)]),
    ];
    let { version } = before;
    for (const change of changes) {
      await change();
      const after = await reader.corpus();
      expect(after.version).not.toBe(version);
      expect((await reader.resolve({ yearFrom: 2010 }, after)).key).not.toBe(scope.key);
      ({ version } = after);
    }
  });

  it('leave retracted articles out unless they are asked for', async () => {
    await opened.stores.writer.replace([10, 1].map(figureOf));
    expect(await allowedIds(opened, null)).toEqual([id(10), id(1)]);
    expect(await allowedIds(opened, {})).toEqual([id(1)]);
    expect(await allowedIds(opened, { excludeRetracted: false })).toEqual([id(10), id(1)]);
  });

  it('know an article by the ids that it had before it was merged', async () => {
    const { writer } = opened.stores;
    await writer.replace([
      withArticle(drawnFigure(1), drawnArticle('by-pmcid', { pmcid: 'PMC5' })),
      withArticle(drawnFigure(2), drawnArticle('by-doi', { doi: '10.1/five' })),
    ]);
    await writer.replace([withArticle(drawnFigure(3), drawnArticle('both', { pmcid: 'PMC5', doi: '10.1/five' }))]);
    for (const key of ['by-pmcid', 'by-doi']) {
      expect(await allowedIds(opened, { articleIds: [articleIdOf(key)] })).toEqual([id(1), id(2), id(3)]);
    }
    expect(await allowedIds(opened, { articleIds: [articleIdOf('another')] })).toEqual([]);
  });

  it('follow who joins and leaves a collection', async () => {
    const { writer, collections, filters: reader } = opened.stores;
    await writer.replace([1, 2, 3].map(figureOf));
    const { id: collectionId } = await collections.create('Smears', null);
    const states = [await reader.corpus()];
    await collections.add(collectionId, [id(3), id(1)], null);
    states.push(await reader.corpus());
    expect(await allowedIds(opened, { collectionId })).toEqual([id(1), id(3)]);
    expect(await allowedIds(opened, { not: { collectionId } })).toEqual([id(2)]);
    await collections.remove(collectionId, [id(3)]);
    states.push(await reader.corpus());
    expect(await allowedIds(opened, { collectionId })).toEqual([id(1)]);
    expect(await allowedIds(opened, { collectionId: 'col_none' })).toEqual([]);
    expect(new Set(states.map(({ collectionsVersion }) => collectionsVersion)).size).toBe(3);
  });

  it('follow which masks there are, of panels as they are', async () => {
    const { writer, masks, filters: reader } = opened.stores;
    await writer.replace([drawnFigure(1), drawnFigure(2)]);
    const withMask = (hasMask: Omit<MaskFilter, 'prompt'> = {}) =>
      allowedIds(opened, { hasMask: { prompt: 'Left  lung', ...hasMask } });
    expect(await withMask()).toEqual([]);
    const { masksVersion } = await reader.corpus();
    await masks.saveDrawn(maskRecord('left lung'), { ...drawnMask, pValue: 0.5, areaFraction: 0.25 });
    expect((await reader.corpus()).masksVersion).not.toBe(masksVersion);
    expect(await withMask()).toEqual([id(1)]);
    expect([await withMask({ minPValue: 0.5 }), await withMask({ minPValue: 0.6 })]).toEqual([[id(1)], []]);
    expect([await withMask({ minAreaFraction: 0.25 }), await withMask({ minAreaFraction: 0.3 })]).toEqual([
      [id(1)],
      [],
    ]);
    const drawn = drawnFigure(1);
    const panels = drawn.panels.map((panel) => ({ ...panel, box: { ...panel.box, width: 3 } }));
    await writer.replace([{ ...drawn, panels }]);
    expect(await withMask()).toEqual([]);
  });

  it.each([
    ['covers nothing', { areaPixels: 0 }, {}, []],
    ['holds an object that was not found', { found: false, pValue: 0.01 }, {}, []],
    [
      'holds an object that was not found, where a low p-value is enough',
      { found: false, pValue: 0.01 },
      { minPValue: 0 },
      [1],
    ],
    ['has no p-value', { found: null, pValue: null }, {}, [1]],
    ['has no p-value, where one is asked for', { found: null, pValue: null }, { minPValue: 0 }, []],
  ])('count a mask that %s', async (_what, measures, hasMask, expected) => {
    const { writer, masks } = opened.stores;
    await writer.replace([drawnFigure(1)]);
    await masks.saveDrawn(maskRecord('lung'), { ...drawnMask, ...measures });
    expect(await allowedIds(opened, { hasMask: { prompt: 'lung', ...hasMask } })).toEqual(expected.map(id));
  });

  it('count no mask that was made in another way, or that failed', async () => {
    const { writer, masks } = opened.stores;
    await writer.replace([drawnFigure(1)]);
    await masks.saveDrawn(maskRecord('lung', { preparation: '0/64' }), drawnMask);
    await masks.saveFailed(maskRecord('heart'), 'out of memory');
    for (const prompt of ['lung', 'heart']) expect(await allowedIds(opened, { hasMask: { prompt } })).toEqual([]);
  });
});
