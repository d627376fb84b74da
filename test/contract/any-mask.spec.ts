import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FigureFilter } from '../../src/domain/figure-filter.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { drawnImage, drawnMask, maskRecord } from '../support/drawn-masks.js';

const id = (number: number) => figureIdOf(`figure-${number}`);

describe.each(corpora)('whether a figure has any mask, in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    await opened.stores.writer.replace([1, 2, 3].map((number) => drawnFigure(number)));
  });
  afterEach(() => opened.close());

  async function allowed(filter: FigureFilter): Promise<readonly string[]> {
    const { filters } = opened.stores;
    const scope = await filters.resolve(filter, await filters.corpus());
    const { items } = await filters.page(scope, 0, 10);
    expect([items.length, (await filters.allowedFigures(scope)).above(0, 10).length]).toEqual([
      scope.count,
      scope.count,
    ]);
    return items.map((item) => item.id);
  }

  /** Figures with a mask and without one, of a scope that was resolved before. */
  async function facet(filter: FigureFilter | null = null): Promise<Readonly<Record<string, number>>> {
    const { filters } = opened.stores;
    const scope = await filters.resolve(filter, await filters.corpus());
    const counts = await filters.facet(scope, 'hasAnyMask', 5);
    return Object.fromEntries(counts.map(({ key, count }) => [key, count]));
  }

  it('is known as soon as a mask is drawn, and as soon as it is gone with its panel or figure', async () => {
    const { writer, masks } = opened.stores;
    expect([await allowed({ hasAnyMask: true }), await facet()]).toEqual([[], { false: 3 }]);
    await masks.saveDrawn(maskRecord('left lung'), drawnMask);
    expect([await allowed({ hasAnyMask: true }), await facet()]).toEqual([[id(1)], { false: 2, true: 1 }]);
    expect(await allowed({ hasAnyMask: false })).toEqual([id(2), id(3)]);
    await masks.saveDrawn(maskRecord('heart', { imageHash: drawnImage(3) }), drawnMask);
    await masks.saveDrawn(maskRecord('liver', { imageHash: drawnImage(3) }), drawnMask);
    expect([await allowed({ hasAnyMask: true }), await facet()]).toEqual([[id(1), id(3)], { true: 2, false: 1 }]);
    // Its panel has another box now: the mask is of none of its panels.
    const drawn = drawnFigure(1);
    const panels = drawn.panels.map((panel) => ({ ...panel, box: { ...panel.box, width: 3 } }));
    await writer.replace([{ ...drawn, panels }]);
    expect([await allowed({ hasAnyMask: true }), await facet()]).toEqual([[id(3)], { false: 2, true: 1 }]);
    await writer.delete([id(3)]);
    expect([await allowed({ hasAnyMask: true }), await facet()]).toEqual([[], { false: 2 }]);
  });

  it('counts for each figure with the picture, and holds together with other conditions', async () => {
    const { writer, masks } = opened.stores;
    const copy = drawnFigure(4);
    await writer.replace([{ ...copy, figure: { ...copy.figure, imageHash: drawnImage(1), modality: 'CT' } }]);
    await masks.saveDrawn(maskRecord('left lung'), drawnMask);
    expect(await allowed({ hasAnyMask: true })).toEqual([id(1), id(4)]);
    expect(await allowed({ hasAnyMask: true, modalities: ['ct'] })).toEqual([id(4)]);
    expect(await allowed({ not: { hasAnyMask: true } })).toEqual([id(2), id(3)]);
    expect(await allowed({ or: [{ hasAnyMask: true, modalities: ['ct'] }, { hasAnyMask: false }] })).toEqual(
      [2, 3, 4].map(id),
    );
    expect(await allowed({ hasAnyMask: true, hasMask: { prompt: 'heart' } })).toEqual([]);
    expect(await facet({ modalities: ['ct'] })).toEqual({ true: 1 });
    expect(await opened.stores.filters.facetOf([id(1), id(2), id(4)], 'hasAnyMask')).toEqual([
      { value: 'true', key: 'true', count: 2 },
      { value: 'false', key: 'false', count: 1 },
    ]);
  });

  it.each([
    ['covers nothing', { areaPixels: 0 }, []],
    ['holds an object that was not found', { found: false, pValue: 0.01 }, []],
    ['has no p-value', { found: null, pValue: null }, [1]],
  ])('takes a mask that %s as the filter by its prompt does', async (_what, measures, expected) => {
    await opened.stores.masks.saveDrawn(maskRecord('lung'), { ...drawnMask, ...measures });
    expect(await allowed({ hasAnyMask: true })).toEqual(expected.map(id));
    expect(await allowed({ hasMask: { prompt: 'lung' } })).toEqual(expected.map(id));
  });

  it('takes no mask that was made in another way, or that failed', async () => {
    const { masks } = opened.stores;
    await masks.saveDrawn(maskRecord('lung', { preparation: '0/64' }), drawnMask);
    await masks.saveFailed(maskRecord('heart'), 'out of memory');
    expect([await allowed({ hasAnyMask: true }), await facet()]).toEqual([[], { false: 3 }]);
  });
});
