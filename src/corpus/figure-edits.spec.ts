import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { MemoryBlobStore } from '../../test/support/memory-blob-store.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import { MemoryImageReader } from '../../test/support/memory-image-reader.js';
import { figureIdOf, wholeFigurePanelId } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { FigureBuilder } from './figure-builder.js';
import { FigureEdits } from './figure-edits.js';

const id = figureIdOf('figure-1');
const panel = wholeFigurePanelId(id);

describe('changes of a figure by a person', () => {
  let corpus: MemoryCorpus;
  let edits: FigureEdits;
  let encoder: FakeEncoder;

  beforeEach(async () => {
    corpus = new MemoryCorpus();
    encoder = new FakeEncoder();
    const blobs = new MemoryBlobStore();
    const maker = new FigureBuilder(encoder, blobs, new MemoryImageReader(blobs));
    edits = new FigureEdits(() => maker, corpus, 100);
    await corpus.writer.replace([drawnFigure(1, encoder.model)]);
  });

  const vectorOf = (kind: 'IMAGE' | 'CAPTION') => corpus.embeddings.vectorOfPanel(panel, encoder.model.version, kind);
  const historyOf = async () => {
    const { items } = await edits.history(localOperator, id, { after: 0, first: null });
    return items.map(({ field, from, to, isRelease, editor }) => ({ field, from, to, isRelease, editor }));
  };

  it('embed a new caption, and leave the vector of the image', async () => {
    const image = await vectorOf('IMAGE');
    const changed = await edits.update(localOperator, id, { caption: ' A new caption ' });
    expect(changed.caption).toBe('A new caption');
    const [expected] = await encoder.embedTexts(['A new caption']);
    expect(await vectorOf('CAPTION')).toEqual(expected);
    expect(await vectorOf('IMAGE')).toEqual(image);
    expect((await corpus.figures.panel(panel))?.caption).toBe('A new caption');
  });

  it('keep who changed what, from what and to what', async () => {
    const before = (await corpus.figures.figure(id)) ?? { labels: [], modality: null };
    await edits.update(localOperator, id, { labels: ['H&E', ' H&E', 'colon'], modality: 'histology' });
    await edits.update(localOperator, id, { modality: '' });
    const by = { isRelease: false, editor: 'local-operator' };
    expect(await historyOf()).toEqual([
      { field: 'labels', from: before.labels, to: ['H&E', 'colon'], ...by },
      { field: 'modality', from: before.modality, to: 'histology', ...by },
      { field: 'modality', from: 'histology', to: null, ...by },
    ]);
  });

  it('change nothing where all is as it was', async () => {
    const { labels = [] } = (await corpus.figures.figure(id)) ?? {};
    await edits.update(localOperator, id, { labels });
    expect(await historyOf()).toEqual([]);
  });

  it('remove the words of a license that was changed', async () => {
    await corpus.writer.replace([
      {
        ...drawnFigure(1, encoder.model),
        figure: { ...drawnFigure(1).figure, license: 'CC-BY-4.0', licenseText: 'By.' },
      },
    ]);
    expect(await edits.update(localOperator, id, { license: 'CC0-1.0' })).toMatchObject({
      license: 'CC0-1.0',
      licenseText: null,
    });
    expect(await edits.release(localOperator, id)).toMatchObject({ license: 'CC-BY-4.0', licenseText: 'By.' });
  });

  it('are given back to the record at once, with its caption embedded again', async () => {
    const before = await corpus.figures.figure(id);
    await edits.update(localOperator, id, { caption: 'first', labels: ['x'] });
    await edits.update(localOperator, id, { caption: 'second' });
    expect(await edits.release(localOperator, id)).toEqual(before);
    const [expected] = await encoder.embedTexts([before?.caption ?? '']);
    expect(before?.caption === '' ? null : await vectorOf('CAPTION')).toEqual(before?.caption === '' ? null : expected);
    expect((await historyOf()).slice(-2)).toMatchObject([
      { field: 'caption', from: 'second', to: before?.caption, isRelease: true },
      { field: 'labels', from: ['x'], to: before?.labels, isRelease: true },
    ]);
    await expect(edits.release(localOperator, id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Nobody changed the figure ${id}`,
    });
  });

  it('refuse what cannot be taken', async () => {
    const badInput = { code: 'BAD_USER_INPUT' };
    await expect(edits.update(localOperator, id, {})).rejects.toMatchObject(badInput);
    await expect(edits.update(localOperator, id, { caption: 'c'.repeat(100_001) })).rejects.toMatchObject(badInput);
    await expect(edits.update(localOperator, id, { labels: [' '] })).rejects.toMatchObject(badInput);
    await expect(edits.update(localOperator, 'fig_none', { caption: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(edits.release(localOperator, 'fig_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
