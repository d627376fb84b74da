import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { articleIdOf, figureIdOf, imageHashOf, panelIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure, withParts } from '../support/drawn-figures.js';

const id = (number: number) => figureIdOf(`figure-${number}`);

/** Figure 2 has two parts; figure 3 belongs to no article. */
function figureOf(number: number): FigureWrite {
  const drawn = withParts(drawnFigure(number), number === 2 ? ['A', 'B'] : []);
  return {
    ...drawn,
    ...(number === 3 ? { article: null, figure: { ...drawn.figure, articleId: null } } : {}),
    embeddings: [],
  };
}

describe.each(corpora)('figures in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeAll(async () => {
    opened = await open();
    await opened.stores.writer.replace([1, 2, 3].map(figureOf));
  });
  afterAll(() => opened.close());

  it('are given by their ids, and those that do not exist are left out', async () => {
    const { figures } = opened.stores;
    expect(await figures.figure(id(1))).toEqual(figureOf(1).figure);
    expect(await figures.figure('fig_none')).toBeNull();
    expect(new Set((await figures.figuresByIds([id(1), id(3), 'fig_none'])).keys())).toEqual(new Set([id(1), id(3)]));
  });

  it('have panels, the whole figure first', async () => {
    const { figures } = opened.stores;
    expect(await figures.panel(panelIdOf(id(2), 2))).toMatchObject({ figureId: id(2), label: 'B', caption: 'part B' });
    expect(await figures.panel('pan_none')).toBeNull();
    expect([...(await figures.panelsByIds([panelIdOf(id(2), 1), 'pan_none'])).keys()]).toEqual([panelIdOf(id(2), 1)]);
    const panels = await figures.panelsOfFigures([id(2)]);
    expect(panels.map((panel) => panel.id)).toEqual([0, 1, 2].map((ordinal) => panelIdOf(id(2), ordinal)));
  });

  it('have articles and images', async () => {
    const { figures } = opened.stores;
    expect(await figures.articlesOfFigures([id(1), id(3)])).toEqual(new Map([[id(1), articleIdOf('one')]]));
    const hash = imageHashOf(Buffer.from('3'));
    expect(await figures.imageHashes([id(3), 'fig_none'])).toEqual(new Map([[id(3), hash]]));
    expect(await figures.isImageUsed(hash)).toBe(true);
    expect(await figures.isImageUsed(imageHashOf(Buffer.from('none')))).toBe(false);
  });

  it('are sampled at even distances, all of them where more are asked for', async () => {
    const { stores, close } = await open();
    await stores.writer.replace(Array.from({ length: 10 }, (_, number) => drawnFigure(number)));
    const sample = async (count: number) =>
      (await stores.figures.sampleEvenly(count)).map(({ sourceKey }) => Number(sourceKey.slice('figure-'.length)));
    expect(await sample(4)).toEqual([0, 3, 5, 8]);
    expect(await sample(4)).toEqual([0, 3, 5, 8]);
    expect(await sample(100)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await close();
  });

  it('are gone when they were deleted, with their panels and their images', async () => {
    const { figures, writer } = opened.stores;
    const gone = await writer.delete([id(2), 'fig_none']);
    expect(gone).toEqual([{ id: id(2), imageHash: imageHashOf(Buffer.from('2')) }]);
    expect(await figures.figure(id(2))).toBeNull();
    expect(await figures.panelsOfFigures([id(2)])).toEqual([]);
    expect(await figures.isImageUsed(imageHashOf(Buffer.from('2')))).toBe(false);
  });
});
