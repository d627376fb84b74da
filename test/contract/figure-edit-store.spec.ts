import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf, wholeFigurePanelId } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure, space } from '../support/drawn-figures.js';

const id = figureIdOf('figure-1');
const panelId = wholeFigurePanelId(id);

describe.each(corpora)('changes of figures by people, in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    await opened.stores.writer.replace([1, 2].map((number) => drawnFigure(number)));
  });
  afterEach(() => opened.close());

  const drawn = drawnFigure(1);
  const { caption, labels, imageHash } = drawn.figure;

  async function apply(change: object, options: object = {}): Promise<void> {
    const { edits } = opened.stores;
    const seenAt = (await edits.current(id))?.at ?? null;
    const usual = { figureId: id, imageHash, seenAt, isRelease: false, editor: 'somebody', whole: null };
    await edits.apply({ ...usual, change, ...options });
  }

  it('are none at first', async () => {
    expect(await opened.stores.edits.current(id)).toBeNull();
    expect(await opened.stores.edits.current('fig_none')).toBeNull();
    expect(await opened.stores.edits.history(id, 0, 5)).toEqual({ items: [], hasNextPage: false });
  });

  it('change the figure, and keep what its record says', async () => {
    const { edits, figures } = opened.stores;
    await apply({ labels: ['one'], modality: 'CT' });
    await apply({ labels: ['two'] });
    expect(await figures.figure(id)).toMatchObject({ labels: ['two'], modality: 'CT', caption });
    expect((await edits.current(id))?.kept).toEqual({
      labels: { value: ['two'], record: labels },
      modality: { value: 'CT', record: drawn.figure.modality },
    });
    const first = await edits.history(id, 0, 2);
    expect(first.items).toMatchObject([
      { field: 'labels', from: labels, to: ['one'], isRelease: false, editor: 'somebody', editedAt: expect.any(Date) },
      { field: 'modality', to: 'CT' },
    ]);
    expect(first.hasNextPage).toBe(true);
    const rest = await edits.history(id, first.items[1]?.seq ?? 0, 2);
    expect(rest).toMatchObject({ items: [{ field: 'labels', from: ['one'], to: ['two'] }], hasNextPage: false });
  });

  it('filter by changed values', async () => {
    const { filters } = opened.stores;
    await apply({ labels: ['rare label'], modality: 'rare modality' });
    const scope = async (filter: object) => (await filters.resolve(filter, await filters.corpus())).count;
    expect(await scope({ labels: ['Rare label'] })).toBe(1);
    expect(await scope({ modalities: ['rare modality'] })).toBe(1);
  });

  it('put a new panel with its vectors in the place of the whole figure', async () => {
    const { embeddings, figures } = opened.stores;
    const [panel] = drawn.panels;
    if (panel === undefined) throw new Error('Expected a panel');
    const vector = Float32Array.of(0.25);
    const numberOf = async () => {
      const missing = await embeddings.listPanelsMissingEmbedding('e'.repeat(64), 0, 9);
      return missing.find((one) => one.panel.id === panelId)?.seq ?? 0;
    };
    const before = await numberOf();
    await apply(
      { caption: 'new' },
      {
        whole: {
          panels: [{ ...panel, caption: 'new' }],
          embeddings: [{ panelId, space: space.version, kind: 'CAPTION', vector }],
        },
      },
    );
    expect(await figures.panel(panelId)).toMatchObject({ caption: 'new' });
    expect(await embeddings.vectorOfPanel(panelId, space.version, 'CAPTION')).toEqual(vector);
    expect(await embeddings.vectorOfPanel(panelId, space.version, 'IMAGE')).toBeNull();
    expect(await numberOf()).toBeGreaterThan(before);
  });

  it('are given back, and the time of the last change stays', async () => {
    const { edits, figures } = opened.stores;
    await apply({ labels: ['one'], modality: 'CT' });
    const at = (await edits.current(id))?.at ?? 0;
    await apply({ labels }, { isRelease: true });
    const after = await edits.current(id);
    expect(Object.keys(after?.kept ?? {})).toEqual(['modality']);
    expect(after?.at).toBeGreaterThan(at);
    expect(await figures.figure(id)).toMatchObject({ labels, modality: 'CT' });
    expect((await edits.history(id, 0, 5)).items.at(-1)).toMatchObject({ field: 'labels', isRelease: true });
  });

  it('are refused where the figure was changed, or given another image, meanwhile', async () => {
    await apply({ labels: ['one'] });
    await expect(apply({ labels: ['two'] }, { seenAt: null })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(apply({ labels: ['two'] }, { imageHash: 'other' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(apply({ labels: [] }, { figureId: 'fig_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('make an ingest pass over a figure that was changed after it was read', async () => {
    const { edits, writer, figures, sources } = opened.stores;
    await apply({ labels: ['by hand'] });
    expect(await writer.replace([drawn])).toEqual([id]);
    expect((await figures.figure(id))?.labels).toEqual(['by hand']);
    const [stored] = (await sources.storedRecords([drawn.figure.sourceKey], space.version)).get('figure-1') ?? [];
    expect(stored?.stored?.edits).toEqual(await edits.current(id));
    const known = stored?.stored?.edits ?? null;
    expect(
      await writer.replace([{ ...drawn, figure: { ...drawn.figure, labels: ['by hand'] }, edits: known }]),
    ).toEqual([]);
    expect(await edits.current(id)).toEqual(known);
  });
});
