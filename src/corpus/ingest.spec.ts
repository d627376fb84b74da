import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { MemoryBlobStore } from '../../test/support/memory-blob-store.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import { MemoryImageReader, rawFile } from '../../test/support/memory-image-reader.js';
import { columnsImage, columnsRecord } from '../../test/support/panel-records.js';
import { FigseekError } from '../domain/errors.js';
import { recordSchema, type IngestRecord, type SourceItem } from '../domain/figure-record.js';
import { figureIdOf, imageHashOf, panelIdOf } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { FigureBuilder } from './figure-builder.js';
import { Ingest, type IngestOptions } from './ingest.js';

let corpus: MemoryCorpus;
let blobs: MemoryBlobStore;
let reader: MemoryImageReader;

beforeEach(() => {
  corpus = new MemoryCorpus();
  blobs = new MemoryBlobStore();
  reader = new MemoryImageReader(blobs);
});

/** @param columns of its image, and its panels */
function item(id: string, columns: number, changes: Partial<IngestRecord> = {}, seed = columns): SourceItem {
  const bytes = rawFile(columnsImage(columns, seed));
  const record = { ...columnsRecord(id, columns), ...changes };
  return { kind: 'record', record, size: bytes.length, readImage: () => Promise.resolve(bytes) };
}

function broken(id: string, error: Error): SourceItem {
  const record = recordSchema.parse({ id, image: 'a.png' });
  return { kind: 'record', record, size: 1, readImage: () => Promise.reject(error) };
}

async function* streamOf(items: readonly SourceItem[]): AsyncGenerator<SourceItem> {
  for (const one of items) yield await Promise.resolve(one);
}

function ingest(items: readonly SourceItem[], options: Partial<IngestOptions> = {}, encoder = new FakeEncoder()) {
  const builder = new FigureBuilder(encoder, blobs, reader);
  return new Ingest(builder, corpus, blobs).run(localOperator, streamOf(items), { source: '/figures', ...options });
}

describe('an ingest', () => {
  it('stores figures with all of their panels and their vectors, and keeps the run', async () => {
    const report = await ingest([item('a', 2), item('b', 3)]);
    expect(report).toMatchObject({ read: 2, added: 2, rejected: 0, sourceName: 'figures', isCancelled: false });
    expect(await corpus.counts.counts()).toMatchObject({ figures: 2, panels: 7 });
    expect(await corpus.embeddings.countPanelsMissingEmbedding(new FakeEncoder().model.version)).toBe(0);
    expect(await blobs.get(imageHashOf(rawFile(columnsImage(2, 2))))).toEqual(rawFile(columnsImage(2, 2)));
    expect(await corpus.runs.find(report.runId ?? '')).toMatchObject({ state: 'DONE', added: 2, source: '/figures' });
  });

  it('passes over what is stored, and writes what was changed', async () => {
    await ingest([item('a', 2), item('b', 3)]);
    const decoded = reader.decoded;
    const report = await ingest([item('a', 2), item('b', 3, { caption: 'changed' })]);
    expect(report).toMatchObject({ read: 2, added: 0, updated: 1, unchanged: 1 });
    expect(reader.decoded).toBe(decoded + 1);
    expect(await corpus.figures.figure(figureIdOf('b'))).toMatchObject({ caption: 'changed' });
  });

  it('puts back an image file that is gone', async () => {
    await ingest([item('a', 2)]);
    const hash = imageHashOf(rawFile(columnsImage(2, 2)));
    await blobs.remove(hash);
    await ingest([item('a', 2)]);
    expect(await blobs.get(hash)).toEqual(rawFile(columnsImage(2, 2)));
  });

  it('adds the vectors of another model beside those that are there', async () => {
    await ingest([item('a', 2)]);
    const other = new FakeEncoder({ version: 'e'.repeat(64) });
    expect(await ingest([item('a', 2)], {}, other)).toMatchObject({ updated: 1, unchanged: 0 });
    const panel = panelIdOf(figureIdOf('a'), 2);
    for (const { model } of [new FakeEncoder(), other]) {
      expect(await corpus.embeddings.vectorOfPanel(panel, model.version, 'IMAGE')).not.toBeNull();
    }
    expect(await ingest([item('a', 2)], {}, other)).toMatchObject({ unchanged: 1 });
  });

  it('removes the panels that a record has no more', async () => {
    await ingest([item('a', 4)]);
    await ingest([item('a', 2)]);
    expect(await corpus.counts.counts()).toMatchObject({ figures: 1, panels: 3 });
    expect(await corpus.figures.panel(panelIdOf(figureIdOf('a'), 4))).toBeNull();
  });

  it('counts and names what it does not take, and goes on', async () => {
    const report = await ingest([
      item('a', 2),
      broken('unreadable', new FigseekError('UNSUPPORTED_MEDIA', 'no image')),
      item('outside', 2, { panels: [{ box: { x: 1, y: 0, width: 9, height: 1 } }] }),
      item('a', 3),
      { kind: 'fault', sourceKey: 'line 5', code: 'BAD_RECORD', message: 'no JSON' },
      { kind: 'left-out', sourceKey: 'notes.txt', reason: 'no image' },
      item('b', 3),
    ]);
    expect(report).toMatchObject({ read: 6, added: 2, rejected: 4, leftOut: 1 });
    expect(report.faults.map(({ sourceKey, code }) => [sourceKey, code])).toEqual([
      ['unreadable', 'UNSUPPORTED_MEDIA'],
      ['outside', 'BAD_RECORD'],
      ['a', 'DUPLICATE_ID'],
      ['line 5', 'BAD_RECORD'],
    ]);
    const kept = await corpus.runs.faults(report.runId ?? '', 0, 50);
    expect(kept.items.map(({ sourceKey }) => sourceKey)).toEqual(
      expect.arrayContaining(['unreadable', 'outside', 'a', 'line 5', 'notes.txt']),
    );
  });

  it('stops at an error that is no fault of a record, and says that the run failed', async () => {
    await expect(ingest([item('a', 2), broken('b', new Error('the disk is gone'))])).rejects.toThrow(
      'the disk is gone',
    );
    expect((await corpus.runs.page(0, 1)).items[0]).toMatchObject({ state: 'FAILED' });
  });

  it('does not take a deleted figure again, unless it is told to', async () => {
    await ingest([item('a', 2)]);
    await corpus.writer.delete([figureIdOf('a')]);
    expect(await ingest([item('a', 2)])).toMatchObject({ added: 0, unchanged: 1, deleted: 1 });
    expect(await ingest([item('a', 2)], { restoreDeleted: true })).toMatchObject({ added: 1 });
    expect(await corpus.figures.figure(figureIdOf('a'))).not.toBeNull();
  });

  it('does not take a figure again that a person deletes while its record is read', async () => {
    await ingest([item('a', 2)]);
    const readImage = async () => {
      await corpus.writer.delete([figureIdOf('a')]);
      return rawFile(columnsImage(2, 2));
    };
    const changed = { ...item('a', 2, { caption: 'changed' }), readImage };
    const report = await ingest([changed]);
    expect(report).toMatchObject({ updated: 0, rejected: 1, faults: [{ sourceKey: 'a', code: 'CONFLICT' }] });
    expect(await corpus.figures.figure(figureIdOf('a'))).toBeNull();
    expect(await ingest([item('a', 2)])).toMatchObject({ unchanged: 1, deleted: 1 });
  });

  it('keeps apart the records of two sources that have the same key', async () => {
    await ingest([item('a', 2)]);
    expect(await ingest([item('a', 3)], { source: '/other' })).toMatchObject({ added: 1, rejected: 0 });
    expect(await corpus.counts.counts()).toMatchObject({ figures: 2 });
    const copy = await ingest([item('a', 2)], { source: '/copy' });
    expect(copy.faults).toMatchObject([{ sourceKey: 'a', code: 'OTHER_SOURCE' }]);
    expect(await ingest([item('a', 2)], { source: '/copy', sourceName: 'mine' })).toMatchObject({ added: 1 });
  });

  it('removes what the source has no more, where it is told to, and takes it again where it comes back', async () => {
    await ingest([item('a', 2), item('b', 3), item('c', 4)]);
    await ingest([item('z', 2)], { source: '/other' });
    expect(await ingest([item('a', 2)])).toMatchObject({ removed: 0 });
    const report = await ingest([item('a', 2)], { prune: true });
    expect(report).toMatchObject({ read: 1, unchanged: 1, removed: 2, notPruned: null });
    expect(await corpus.runs.find(report.runId ?? '')).toMatchObject({ removed: 2 });
    expect(await corpus.counts.counts()).toMatchObject({ figures: 2 });
    expect(await corpus.figures.figure(figureIdOf('z'))).not.toBeNull();
    expect(await ingest([item('a', 2), item('b', 3)])).toMatchObject({ added: 1, deleted: 0 });
  });

  it('keeps stored records that cannot be read now', async () => {
    await ingest([item('a', 2), item('b', 3), item('c', 4)]);
    const unreadable: SourceItem = { kind: 'fault', sourceKey: 'c', code: 'BAD_RECORD', message: 'its image is gone' };
    const items = [item('a', 2), broken('b', new FigseekError('UNSUPPORTED_MEDIA', 'no image')), unreadable];
    expect(await ingest(items, { prune: true })).toMatchObject({ rejected: 2, removed: 0, notPruned: null });
    expect(await corpus.counts.counts()).toMatchObject({ figures: 3 });
  });

  it('removes nothing where records may be in what could not be read, or where there are none', async () => {
    await ingest([item('a', 2), item('b', 3)]);
    const article: SourceItem = { kind: 'fault', sourceKey: 'article.xml', code: 'BAD_RECORD', message: 'no XML' };
    for (const items of [[item('a', 2), article], []]) {
      expect(await ingest(items, { prune: true })).toMatchObject({ removed: 0, notPruned: expect.any(String) });
    }
    expect(await corpus.counts.counts()).toMatchObject({ figures: 2 });
    for (const options of [{ limit: 1 }, { dryRun: true }]) {
      await expect(ingest([item('a', 2)], { prune: true, ...options })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    }
  });

  it('removes nothing where somebody asks for its end while the last figures are in hand', async () => {
    await ingest([item('a', 2), item('b', 3)]);
    async function* askedToEnd(): AsyncGenerator<SourceItem> {
      const { items } = await corpus.runs.page(0, 1);
      await corpus.runs.requestCancel(items[0]?.id ?? '');
      yield item('a', 2);
    }
    const builder = new FigureBuilder(new FakeEncoder(), blobs, reader);
    const options = { source: '/figures', prune: true };
    const report = await new Ingest(builder, corpus, blobs).run(localOperator, askedToEnd(), options);
    expect(report).toMatchObject({ isCancelled: true, removed: 0 });
    expect(await corpus.counts.counts()).toMatchObject({ figures: 2 });
  });

  it('passes over stored records without reading them, where only new ones are wanted', async () => {
    await ingest([item('a', 2)]);
    const stored = broken('a', new FigseekError('UNSUPPORTED_MEDIA', 'no image'));
    expect(await ingest([stored, item('b', 3)], { onlyNew: true })).toMatchObject({
      added: 1,
      unchanged: 1,
      rejected: 0,
    });
  });

  it('ends where somebody asks its run to', async () => {
    const items = Array.from({ length: 200 }, (_, i) => item(`record-${i}`, 1, {}, i));
    const begun = { asked: false };
    const onProgress = () => {
      if (begun.asked) return;
      begun.asked = true;
      void corpus.runs.page(0, 1).then(({ items: [run] }) => corpus.runs.requestCancel(run?.id ?? ''));
    };
    const report = await ingest(items, { onProgress });
    expect(report.isCancelled).toBe(true);
    expect(report.added).toBeLessThan(200);
    expect(await corpus.runs.find(report.runId ?? '')).toMatchObject({ state: 'CANCELLED' });
  });

  it('stores nothing in a dry run', async () => {
    const report = await ingest([item('a', 2)], { dryRun: true });
    expect(report).toMatchObject({ runId: null, read: 1, added: 1 });
    expect(await corpus.counts.counts()).toMatchObject({ figures: 0 });
    expect((await corpus.runs.page(0, 1)).items).toEqual([]);
    expect(await corpus.sources.inputOf('figures')).toBeNull();
  });

  it('ends after the batch in hand where it is told to, and the next run goes on', async () => {
    const cancelled = new AbortController();
    const items = Array.from({ length: 100 }, (_, i) => item(`record-${i}`, 1, {}, i));
    const onProgress = () => {
      cancelled.abort();
    };
    const report = await ingest(items, { signal: cancelled.signal, onProgress });
    expect(report.isCancelled).toBe(true);
    expect(report.added).toBeLessThan(100);
    expect((await corpus.counts.counts()).figures).toBe(report.added);
    expect(await ingest(items)).toMatchObject({ added: 100 - report.added, unchanged: report.added });
  });
});
