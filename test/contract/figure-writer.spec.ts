import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure, space } from '../support/drawn-figures.js';

const id = figureIdOf('figure-1');
const wholeFigure = panelIdOf(id, 0);

describe.each(corpora)('a figure that is written to %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    await opened.stores.writer.replace([drawnFigure(1), drawnFigure(2)]);
  });
  afterEach(() => opened.close());

  it('takes the place of the one with its id, and keeps the time of its adding', async () => {
    const { writer, figures, embeddings, counts } = opened.stores;
    const drawn = drawnFigure(1);
    const figure = { ...drawn.figure, caption: 'another caption', createdAt: new Date(1000) };
    await writer.replace([{ ...drawn, figure, embeddings: drawn.embeddings.slice(0, 1) }]);
    expect(await figures.figure(id)).toEqual({ ...figure, createdAt: drawn.figure.createdAt });
    expect(await embeddings.vectorOfPanel(wholeFigure, space.version, 'IMAGE')).toEqual(drawn.embeddings[0]?.vector);
    expect(await embeddings.vectorOfPanel(wholeFigure, space.version, 'CAPTION')).toBeNull();
    expect(await counts.counts()).toEqual({ articles: 1, figures: 2, panels: 2 });
  });

  it('loses the panels that it has no more, with their vectors', async () => {
    const { writer, figures, embeddings } = opened.stores;
    const drawn = drawnFigure(1);
    const part = { ...drawn.panels[0], id: panelIdOf(id, 1), figureId: id, label: 'A', caption: null };
    const box = { x: 0, y: 0, width: 1, height: 1 };
    const vector = Float32Array.of(1);
    await writer.replace([
      {
        ...drawn,
        panels: [...drawn.panels, { ...part, box }],
        embeddings: [{ panelId: part.id, space: space.version, kind: 'IMAGE', vector }],
      },
    ]);
    expect(await embeddings.vectorOfPanel(part.id, space.version, 'IMAGE')).toEqual(vector);
    await writer.replace([drawn]);
    expect(await figures.panel(part.id)).toBeNull();
    expect(await embeddings.vectorOfPanel(part.id, space.version, 'IMAGE')).toBeNull();
  });

  it('is refused where its id is that of another source, and nothing beside it is stored', async () => {
    const { writer, figures } = opened.stores;
    const drawn = drawnFigure(1);
    const foreign = { ...drawn, figure: { ...drawn.figure, source: 'another', caption: 'foreign' } };
    await expect(writer.replace([drawnFigure(3), foreign])).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await figures.figure(id)).toEqual(drawn.figure);
    expect(await figures.figure(figureIdOf('figure-3'))).toBeNull();
  });
});
