import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf, imageHashOf, panelIdOf } from '../../src/domain/ids.js';
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

  const corrected = (image: string) => {
    const box = { x: 0, y: 0, width: 1, height: 1 };
    const panel = { id: panelIdOf(id, 1), figureId: id, label: 'A', caption: 'by hand', box };
    const vector = Float32Array.of(0.5);
    const embeddings = [{ panelId: panel.id, space: space.version, kind: 'IMAGE', vector }] as const;
    return { figureId: id, imageHash: imageHashOf(Buffer.from(image)), panels: [panel], embeddings };
  };
  const storedOf = async () =>
    (await opened.stores.sources.storedRecords(['figure-1'], space.version)).get('figure-1')?.[0]?.stored;

  it('takes the panels that a person gives it, and keeps the vectors of the whole', async () => {
    const { writer, figures, embeddings } = opened.stores;
    await writer.correctPanels(corrected('1'));
    expect(await figures.figure(id)).toMatchObject({ panelOrigin: 'PERSON', panelSuggestion: null });
    const panels = await figures.panelsOfFigures([id]);
    expect(panels.map(({ label, caption }) => [label, caption])).toEqual([
      [null, null],
      ['A', 'by hand'],
    ]);
    const [whole] = drawnFigure(1).embeddings;
    expect(await embeddings.vectorOfPanel(wholeFigure, space.version, 'IMAGE')).toEqual(whole?.vector);
    expect(await embeddings.vectorOfPanel(panelIdOf(id, 1), space.version, 'IMAGE')).toEqual(Float32Array.of(0.5));
    expect((await storedOf())?.correction).toMatchObject({ width: 1, height: 1, panels: [{ caption: 'by hand' }] });
  });

  it('is passed over where a person corrected its panels after it was read', async () => {
    const { writer, figures } = opened.stores;
    const drawn = drawnFigure(1);
    const update = { ...drawn, figure: { ...drawn.figure, caption: 'newer', panelOrigin: 'PERSON' as const } };
    await writer.correctPanels(corrected('1'));
    expect(await writer.replace([drawnFigure(3), update])).toEqual([id]);
    expect((await figures.figure(id))?.caption).toBe(drawn.figure.caption);
    expect(await figures.figure(figureIdOf('figure-3'))).not.toBeNull();
    const known = (await storedOf())?.correction?.at ?? null;
    expect(await writer.replace([{ ...update, correctedAt: known }])).toEqual([]);
    expect((await figures.figure(id))?.caption).toBe('newer');
    expect((await storedOf())?.correction?.at).toBe(known);
    await writer.correctPanels(corrected('1'));
    expect(await writer.replace([{ ...update, correctedAt: known }])).toEqual([id]);
  });

  it('is passed over where a person gave the correction up after it was read', async () => {
    const { writer, figures } = opened.stores;
    await writer.correctPanels(corrected('1'));
    const correctedAt = (await storedOf())?.correction?.at ?? null;
    const drawn = drawnFigure(1);
    const update = { ...drawn, figure: { ...drawn.figure, panelOrigin: 'PERSON' as const }, correctedAt };
    await writer.releasePanels(id);
    expect(await writer.replace([update])).toEqual([id]);
    expect((await figures.figure(id))?.panelOrigin).toBeNull();
    expect(await storedOf()).toMatchObject({ correction: null, recordHash: '' });
  });

  it('stays deleted where a person deleted it after it was read, and comes back where that is asked for', async () => {
    const { writer, figures } = opened.stores;
    await writer.delete([id]);
    expect(await writer.replace([{ ...drawnFigure(1), mayRestore: false }, drawnFigure(3)])).toEqual([id]);
    expect(await figures.figure(id)).toBeNull();
    expect(await writer.replace([drawnFigure(1)])).toEqual([]);
    await writer.delete([id], 'prune');
    expect(await writer.replace([{ ...drawnFigure(1), mayRestore: false }])).toEqual([]);
    expect(await figures.figure(id)).not.toBeNull();
  });

  it('belongs to its record again where a person gives the correction up', async () => {
    const { writer, figures } = opened.stores;
    await writer.correctPanels(corrected('1'));
    await writer.releasePanels(id);
    expect((await figures.figure(id))?.panelOrigin).toBeNull();
    expect(await storedOf()).toMatchObject({ correction: null, recordHash: '' });
    expect(await writer.replace([drawnFigure(1)])).toEqual([]);
  });

  it('is not corrected where it is not there, or has another image', async () => {
    const { writer } = opened.stores;
    await expect(writer.correctPanels(corrected('another image'))).rejects.toMatchObject({ code: 'CONFLICT' });
    await writer.delete([id]);
    await expect(writer.correctPanels(corrected('1'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(writer.releasePanels(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
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
