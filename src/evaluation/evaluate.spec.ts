import { describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { MemoryBlobStore } from '../../test/support/memory-blob-store.js';
import { MemoryImageReader, rawFile } from '../../test/support/memory-image-reader.js';
import { columnsImage, columnsRecord } from '../../test/support/panel-records.js';
import type { IngestRecord, SourceItem } from '../domain/figure-record.js';
import { evaluate, type Evaluation } from './evaluate.js';

const reader = new MemoryImageReader(new MemoryBlobStore());

/** A text and an image have the vector of the number that stands in them. */
class NumberEncoder extends FakeEncoder {
  override embedImages(images: readonly Uint8Array[]): Promise<Float32Array[]> {
    return Promise.resolve(images.map(([value = 0]) => numberVector(value)));
  }

  override embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    return Promise.resolve(texts.map((text) => numberVector(Number(/\d+/.exec(text)?.[0]))));
  }
}

function numberVector(number: number): Float32Array {
  const angle = (number / 255) * (Math.PI / 2);
  return Float32Array.of(Math.cos(angle), Math.sin(angle));
}

async function* itemsOf(records: readonly (readonly [IngestRecord, Uint8Array])[]): AsyncGenerator<SourceItem> {
  for (const [record, bytes] of records) {
    yield await Promise.resolve({ kind: 'record', record, size: 0, readImage: () => Promise.resolve(bytes) });
  }
}

/** An image of a column for each value, and a record that captions each with its value. */
function valuesOf(
  id: string,
  values: readonly number[],
  labels: readonly string[],
): readonly [IngestRecord, Uint8Array] {
  const { panels = [], ...record } = columnsRecord(id, values.length);
  const captioned = panels.map((panel, i) => ({ ...panel, caption: `value ${values[i] ?? 0}` }));
  const row = values.flatMap((value) => [value, value, value]);
  const image = { width: values.length, height: 3, data: Uint8Array.from([...row, ...row, ...row]) };
  return [{ ...record, caption: `value ${values[0] ?? 0}`, labels: [...labels], panels: captioned }, rawFile(image)];
}

async function measure(
  records: readonly (readonly [IngestRecord, Uint8Array])[],
  queries: readonly [string, string][] = [],
): Promise<Evaluation> {
  const { evaluation } = await evaluate(new NumberEncoder(), itemsOf(records), {
    split: 'all',
    queries: queries.map(([text, label]) => ({ text, label })),
    reader,
    onProgress: () => undefined,
  });
  return evaluation;
}

describe('evaluate', () => {
  it('compares each captioned panel with every other', async () => {
    const result = await measure([valuesOf('a', [10, 50, 90], []), valuesOf('b', [130, 170], [])]);
    expect(result).toMatchObject({ records: 2, panels: 7, leftOut: [] });
    // The first panel looks like its whole figure here: of the two, the whole one stands first.
    expect(result.captionToImage).toMatchObject({ queries: 7, recallAt1: 5 / 7, recallAt5: 1, medianRank: 1 });
  });

  it('ranks a record by its best panel, and counts it once', async () => {
    const records = [
      valuesOf('a', [10, 200, 30], ['right']),
      valuesOf('b', [20, 180], []),
      valuesOf('c', [90, 70], []),
    ];
    const { labels } = await measure(records, [['value 200', 'right']]);
    expect(labels).toMatchObject([{ relevant: 1, precisionAt10: 0.1, chance: 1 / 3 }]);
  });

  it('leaves out a record whose panel reaches past its image', async () => {
    const beyond = [columnsRecord('beyond', 4), rawFile(columnsImage(3))] as const;
    const result = await measure([valuesOf('a', [10, 50], []), beyond]);
    expect(result).toMatchObject({ records: 1, panels: 3 });
    expect(result.leftOut).toEqual([
      { sourceKey: 'beyond', message: expect.stringMatching(/^panels\.3\.box: Expected a box within the image/) },
    ]);
  });
});
