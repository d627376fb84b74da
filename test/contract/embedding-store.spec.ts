import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure, drawnVector, space } from '../support/drawn-figures.js';

const panel = (number: number) => panelIdOf(figureIdOf(`figure-${number}`), 0);
const other = 'e'.repeat(64);

describe.each(corpora)('vectors in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    await opened.stores.writer.replace([1, 2, 3].map((number) => drawnFigure(number)));
  });
  afterEach(() => opened.close());

  const late = (number: number, revision = String(number)) =>
    ({ panelId: panel(number), space: other, kind: 'IMAGE', vector: Float32Array.of(number), revision }) as const;

  it('are given by panel, model version and kind', async () => {
    const { embeddings } = opened.stores;
    expect(await embeddings.vectorOfPanel(panel(1), space.version, 'IMAGE')).toEqual(drawnVector(1));
    expect(await embeddings.vectorOfPanel(panel(1), space.version, 'CAPTION')).toEqual(drawnVector(1.5));
    expect(await embeddings.vectorOfPanel(panel(1), other, 'IMAGE')).toBeNull();
    expect(await embeddings.imageVectorsOfPanels([panel(2), 'pan_none'], space.version)).toEqual(
      new Map([[panel(2), drawnVector(2)]]),
    );
  });

  it('are sampled evenly among whole figures, the same ones each time', async () => {
    const { embeddings, writer } = opened.stores;
    await writer.replace(Array.from({ length: 12 }, (_, number) => drawnFigure(number)));
    const sample = await embeddings.sampleImageVectors(space.version, 4);
    expect(sample.size).toBeGreaterThan(2);
    expect(sample.size).toBeLessThanOrEqual(4);
    for (const [id, vector] of sample)
      expect(await embeddings.vectorOfPanel(id, space.version, 'IMAGE')).toEqual(vector);
    expect(await embeddings.sampleImageVectors(space.version, 4)).toEqual(sample);
    expect((await embeddings.sampleImageVectors(space.version, 1000)).size).toBe(12);
    expect((await embeddings.sampleImageVectors(other, 4)).size).toBe(0);
  });

  it('are listed as missing, by ascending number, until they are added', async () => {
    const { embeddings } = opened.stores;
    expect(await embeddings.countPanelsMissingEmbedding(space.version)).toBe(0);
    expect(await embeddings.countPanelsMissingEmbedding(other)).toBe(3);
    const [first, second] = await embeddings.listPanelsMissingEmbedding(other, 0, 2);
    expect([first?.panel.id, second?.panel.id]).toEqual([panel(1), panel(2)]);
    expect(first).toMatchObject({ sourceKey: 'figure-1', revision: '1' });
    const rest = await embeddings.listPanelsMissingEmbedding(other, second?.seq ?? 0, 2);
    expect(rest.map((one) => one.panel.id)).toEqual([panel(3)]);
    await embeddings.add([late(1), late(2)]);
    expect(await embeddings.countPanelsMissingEmbedding(other)).toBe(1);
    expect(new Set(await embeddings.spaces())).toEqual(new Set([space.version, other]));
  });

  it('are not added to a figure that was changed or deleted, nor in the place of one that is there', async () => {
    const { embeddings, writer } = opened.stores;
    await writer.delete([figureIdOf('figure-3')]);
    await embeddings.add([late(1, 'the record before'), late(2), late(3)]);
    await embeddings.add([{ ...late(2), vector: Float32Array.of(9) }]);
    const found = await embeddings.imageVectorsOfPanels([1, 2, 3].map(panel), other);
    expect(found).toEqual(new Map([[panel(2), Float32Array.of(2)]]));
  });

  it('give a figure that is stored again a new number', async () => {
    const { embeddings, writer } = opened.stores;
    const numbers = async () => (await embeddings.listPanelsMissingEmbedding(other, 0, 9)).map(({ seq }) => seq);
    const before = await numbers();
    await writer.replace([drawnFigure(1)]);
    const after = await numbers();
    expect(after).toHaveLength(3);
    expect(Math.min(...after)).toBe(before[1]);
    expect(Math.max(...after)).toBeGreaterThan(Math.max(...before));
  });

  it('go with the figure that they belong to', async () => {
    const { embeddings, writer } = opened.stores;
    await writer.delete([1, 2].map((number) => figureIdOf(`figure-${number}`)));
    await writer.replace([{ ...drawnFigure(3), embeddings: [] }]);
    expect(await embeddings.spaces()).toEqual([]);
    expect(await embeddings.deleteSpace(space.version)).toBe(0);
  });

  it('are deleted by model version', async () => {
    const { embeddings } = opened.stores;
    await embeddings.add([late(1)]);
    expect(await embeddings.deleteSpace(space.version)).toBe(6);
    expect(await embeddings.deleteSpace(space.version)).toBe(0);
    expect(await embeddings.spaces()).toEqual([other]);
  });
});
