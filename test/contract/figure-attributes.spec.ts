import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnArticle, drawnFigure, withArticle } from '../support/drawn-figures.js';

const id = (number: number) => figureIdOf(`figure-${number}`);

function described(number: number, part: Partial<FigureWrite['figure']>): FigureWrite {
  const drawn = drawnFigure(number);
  return withArticle({ ...drawn, figure: { ...drawn.figure, ...part } }, drawnArticle('a', { year: 2020 }));
}

describe.each(corpora)('facts of figures in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    const without = { ...drawnFigure(3), article: null };
    await opened.stores.writer.replace([
      described(1, { modality: 'CT', labels: ['Lung', 'nodule'] }),
      described(2, { modality: '', labels: [], caption: '' }),
      { ...without, figure: { ...without.figure, articleId: null } },
    ]);
  });
  afterEach(() => opened.close());

  it('are listed by number, page by page', async () => {
    const { attributes, collections } = opened.stores;
    const later = await collections.create('second', null);
    const early = await collections.create('third', null);
    await collections.add(early.id, [id(1), id(2)], null);
    await collections.add(later.id, [id(2)], null);
    const listed = await attributes.list(0, 2);
    expect(listed).toEqual([
      { number: expect.any(Number), id: id(1), modality: 'CT', label: 'Lung', year: 2020, collectionId: early.id },
      { number: expect.any(Number), id: id(2), modality: null, label: null, year: 2020, collectionId: later.id },
    ]);
    const rest = await attributes.list(listed[1]?.number ?? 0, 2);
    expect(rest).toEqual([
      { number: expect.any(Number), id: id(3), modality: null, label: null, year: null, collectionId: null },
    ]);
    expect(rest[0]?.number).toBeGreaterThan(listed[1]?.number ?? 0);
    expect(await attributes.list(rest[0]?.number ?? 0, 2)).toEqual([]);
  });

  it('leave out deleted figures, and give the captions of those that are asked for', async () => {
    const { attributes, writer } = opened.stores;
    const [first, second, third] = (await attributes.list(0, 9)).map(({ number }) => number);
    expect(await attributes.captions([first ?? 0, second ?? 0, 999])).toEqual(new Map([[first, 'caption 1']]));
    await writer.delete([id(1)]);
    expect((await attributes.list(0, 9)).map(({ number }) => number)).toEqual([second, third]);
    expect(await attributes.captions([first ?? 0])).toEqual(new Map());
  });
});
