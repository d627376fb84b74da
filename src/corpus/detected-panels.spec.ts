import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { FakePanelPredictor } from '../../test/support/fake-panel-predictor.js';
import { MemoryBlobStore } from '../../test/support/memory-blob-store.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import { MemoryImageReader, rawFile } from '../../test/support/memory-image-reader.js';
import { columnsImage, columnsRecord } from '../../test/support/panel-records.js';
import { FigseekError } from '../domain/errors.js';
import { recordSchema, type IngestRecord, type SourceItem } from '../domain/figure-record.js';
import { figureIdOf } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import type { PanelPredictor } from '../ports/panel-predictor.js';
import { FigureBuilder } from './figure-builder.js';
import { Ingest, type IngestOptions } from './ingest.js';

const two = '(A) One column. (B) Another one.';
let corpus: MemoryCorpus;

beforeEach(() => {
  corpus = new MemoryCorpus();
});

function item(record: IngestRecord): SourceItem {
  const bytes = rawFile(columnsImage(6));
  return { kind: 'record', record, size: bytes.length, readImage: () => Promise.resolve(bytes) };
}

const captioned = (id: string, caption: string) => item(recordSchema.parse({ id, image: 'a.png', caption }));

async function* streamOf(items: readonly SourceItem[]): AsyncGenerator<SourceItem> {
  for (const one of items) yield await Promise.resolve(one);
}

function ingest(items: readonly SourceItem[], detector: PanelPredictor | null, options: Partial<IngestOptions> = {}) {
  const blobs = new MemoryBlobStore();
  const builder = new FigureBuilder(new FakeEncoder(), blobs, new MemoryImageReader(blobs));
  const run = new Ingest(builder, corpus, blobs, () => Promise.resolve(detector));
  return run.run(localOperator, streamOf(items), { source: '/figures', splitPanels: true, ...options });
}

async function stored(id: string) {
  const figure = await corpus.figures.figure(figureIdOf(id));
  return { figure, panels: (await corpus.figures.panelsOfFigures([figureIdOf(id)])).slice(1) };
}

describe('panels of an ingest with a detector', () => {
  it('are stored where boxes and caption agree, and found as they are cut', async () => {
    await ingest([captioned('a', two)], new FakePanelPredictor(2));
    const { figure, panels } = await stored('a');
    expect(figure).toMatchObject({ panelOrigin: 'DETECTOR', panelSuggestion: null });
    expect(panels.map(({ label, caption, box }) => ({ label, caption, box }))).toEqual([
      { label: 'A', caption: 'One column.', box: { x: 0, y: 0, width: 3, height: 3 } },
      { label: 'B', caption: 'Another one.', box: { x: 3, y: 0, width: 3, height: 3 } },
    ]);
    expect(await corpus.embeddings.countPanelsMissingEmbedding(new FakeEncoder().model.version)).toBe(0);
  });

  it('are a suggestion where they do not agree, also where the caption has no parts', async () => {
    await ingest([captioned('a', two), captioned('b', 'Three columns.')], new FakePanelPredictor(3));
    for (const [id, parts] of [
      ['a', 2],
      ['b', 0],
    ] as const) {
      const { figure, panels } = await stored(id);
      expect(figure).toMatchObject({
        panelOrigin: null,
        panelSuggestion: { origin: 'DETECTOR', boxes: { length: 3 }, parts: { length: parts } },
      });
      expect(panels).toEqual([]);
    }
  });

  it('are not looked for where the record names its own, or nobody asked', async () => {
    const detector = new FakePanelPredictor(2);
    await ingest([item(columnsRecord('own', 6))], detector);
    await ingest([captioned('whole', two)], detector, { splitPanels: false });
    expect(detector.asked).toBe(0);
    expect((await stored('own')).figure).toMatchObject({ panelOrigin: 'RECORD' });
    expect((await stored('whole')).panels).toEqual([]);
  });

  it('are found again where another detector is active, and only then', async () => {
    const items = [captioned('a', two)];
    await ingest(items, new FakePanelPredictor(2));
    expect(await ingest(items, new FakePanelPredictor(2))).toMatchObject({ unchanged: 1 });
    const other = new FakePanelPredictor(3, { version: 'd'.repeat(64) });
    expect(await ingest(items, other)).toMatchObject({ updated: 1 });
    expect((await stored('a')).panels).toEqual([]);
    expect(await ingest(items, null)).toMatchObject({ updated: 1 });
  });

  it('end the run where the detector cannot work, so that no record is at fault', async () => {
    class Broken extends FakePanelPredictor {
      override detect(): Promise<never> {
        return Promise.reject(new FigseekError('MODEL_UNAVAILABLE', 'The model ended'));
      }
    }
    await expect(ingest([captioned('a', two)], new Broken(2))).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect((await stored('a')).figure).toBeNull();
  });
});
