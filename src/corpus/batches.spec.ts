import { describe, expect, it } from '@jest/globals';
import { inBatches } from './batches.js';
import { recordSchema, type SourceItem } from '../domain/figure-record.js';

const mebibyte = 1024 * 1024;

async function* itemsOf(sizes: readonly number[]): AsyncGenerator<SourceItem> {
  for (const [index, size] of sizes.entries()) {
    const record = recordSchema.parse({ id: `r${index}`, image: 'a.png' });
    yield await Promise.resolve({ kind: 'record', record, size, readImage: () => Promise.reject(new Error('unread')) });
  }
}

async function lengthsOf(sizes: readonly number[], limit?: number): Promise<readonly number[]> {
  const lengths: number[] = [];
  for await (const batch of inBatches(itemsOf(sizes), limit)) lengths.push(batch.length);
  return lengths;
}

async function* withPanels(counts: readonly number[]): AsyncGenerator<SourceItem> {
  for (const [index, count] of counts.entries()) {
    const panels = Array(count).fill({ box: { x: 0, y: 0, width: 1, height: 1 } });
    const record = recordSchema.parse({ id: `r${index}`, image: 'a.png', panels });
    yield await Promise.resolve({ kind: 'record', record, size: 1, readImage: () => Promise.reject(new Error()) });
  }
}

describe('inBatches', () => {
  it('gives at most 128 panels at a time, whole figures included', async () => {
    const lengths: number[] = [];
    for await (const batch of inBatches(withPanels([...Array<number>(30).fill(9), 100, 100, 1, 0]))) {
      lengths.push(batch.length);
    }
    expect(lengths).toEqual([12, 12, 6, 1, 3]);
  });

  it('gives at most 32 items at a time, and all of them', async () => {
    expect(await lengthsOf(Array<number>(70).fill(1000))).toEqual([32, 32, 6]);
    expect(await lengthsOf([])).toEqual([]);
  });

  it('gives at most 256 MiB at a time, and a larger image alone', async () => {
    expect(await lengthsOf([100, 100, 100, 500, 1].map((size) => size * mebibyte))).toEqual([2, 1, 1, 1]);
  });

  it('stops at the limit', async () => {
    expect(await lengthsOf(Array<number>(70).fill(1), 40)).toEqual([32, 8]);
  });
});
