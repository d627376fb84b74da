import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSource } from '../../src/adapters/sources/open-source.js';
import { readRow } from '../../src/adapters/sources/parquet/parquet-record.js';
import type { ParquetWork } from '../../src/adapters/sources/parquet/parquet-thread.js';
import type { ParquetShape, ParquetValues } from '../../src/adapters/sources/parquet/parquet-values.js';
import { FigseekError } from '../../src/domain/errors.js';
import { SeededRandom } from '../../src/domain/seeded-random.js';
import { WorkerThread } from '../../src/platform/worker-thread.js';
import { makeImage } from '../support/source-ingest.js';
import { tableBytes } from '../support/table-sets.js';
import { damage, damagedCount } from './damage.js';

/** Kinds of items that a damaged file gives; what is refused as a whole has to have a code. */
async function outcomesOf(file: string): Promise<readonly string[]> {
  const kinds: string[] = [];
  try {
    for await (const item of (await openSource(file, { format: 'auto' })).read()) {
      kinds.push(item.kind);
      if (item.kind === 'record') await item.readImage().catch(expectCode);
    }
  } catch (error) {
    expectCode(error);
    kinds.push('refused');
  }
  return kinds;
}

function expectCode(error: unknown): void {
  if (!(error instanceof FigseekError)) throw error;
}

async function countOutcomes(files: readonly Buffer[], total: number): Promise<Readonly<Record<string, number>>> {
  const random = new SeededRandom('damaged files of records');
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'damaged-')), 'a.jsonl');
  const counts: Record<string, number> = {};
  for (let count = 0; count < total; count++) {
    writeFileSync(file, damage(files[count % files.length] ?? Buffer.alloc(0), random));
    for (const kind of await outcomesOf(file)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** The thread of an ingest with a shorter limit. */
const thread = new WorkerThread<ParquetWork, ParquetShape | readonly ParquetValues[]>({
  entry: new URL('../../src/adapters/sources/parquet/parquet-thread.js', import.meta.url),
  purpose: 'reads parquet files',
  timeoutMs: 1500,
});

async function outcomeOfParquet(file: string): Promise<'read' | 'refused' | 'late'> {
  const ask = (group: ParquetWork['group']) => thread.ask({ file, name: 'a.parquet', group });
  try {
    const { columns, groups } = (await ask(null)) as ParquetShape;
    for (const index of groups.keys())
      for (const values of (await ask({ index, columns: columns.map(({ name }) => name) })) as readonly ParquetValues[])
        readRow(values);
    return 'read';
  } catch (error) {
    if (error instanceof FigseekError && error.code === 'TIMEOUT') return 'late';
    expect(error).toBeInstanceOf(FigseekError);
    expect(['BAD_USER_INPUT', 'PAYLOAD_TOO_LARGE']).toContain((error as FigseekError).code);
    return 'refused';
  }
}

describe('damaged tables and records', () => {
  it('of parquet give rows, or are refused with a code or given up in time', async () => {
    const image = await makeImage(1);
    const rows = Array.from({ length: 5 }, (_, i) => i);
    const columns = [
      { name: 'image', kind: 'image' as const, data: rows.map((i) => ({ bytes: image, path: `${i}.png` })) },
      { name: 'image_id', kind: 'text' as const, data: rows.map((i) => `id ${i}`) },
      { name: 'cui', kind: 'texts' as const, data: rows.map((i) => [`C${i}`, 'C0040405']) },
    ];
    const plain = [
      { name: 'jpg', kind: 'bytes' as const, data: rows.map(() => image) },
      { name: 'json', kind: 'text' as const, data: rows.map((i) => JSON.stringify({ caption: `Caption ${i}` })) },
    ];
    const files = [tableBytes(columns), tableBytes(plain)];
    const random = new SeededRandom('damaged parquet files');
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'damaged-')), 'a.parquet');
    const total = damagedCount(300);
    const outcomes = { read: 0, refused: 0, late: 0 };
    for (let count = 0; count < total; count++) {
      writeFileSync(file, damage(files[count % files.length] ?? Buffer.alloc(0), random));
      outcomes[await outcomeOfParquet(file)]++;
    }
    await thread.close();
    expect(outcomes.read).toBeGreaterThan(total / 20);
    expect(outcomes.refused).toBeGreaterThan(total / 5);
    // hyparquet goes round in circles on few of them.
    expect(outcomes.late).toBeLessThan(total / 30);
  });

  it('of JSON lines give items, or are refused with a code', async () => {
    const lines = (...values: readonly unknown[]): Buffer =>
      Buffer.from(values.map((value) => JSON.stringify(value)).join('\n'));
    const own = {
      id: 'a',
      image: 'a.png',
      caption: 'Zellen, 50 µm',
      labels: ['x'],
      article: { title: 'T', year: 2019 },
    };
    const article = {
      pmid: '1',
      figures: [{ fig_caption: 'c', fig_id: 'F1', graphic_ref: 'a/b.jpg', pair_id: '1_F1' }],
    };
    const figure = { pdf_hash: 'ab', fig_uri: '1.png', s2_caption: 'CT', oa_info: { doi: '10.5555/x' } };
    const files = [
      lines(own, { ...own, id: 'b' }),
      lines(article, article),
      lines(figure, figure),
      Buffer.from('[{"id":"a","image":"b"}]'),
    ];
    const total = damagedCount(2000);
    const counts = await countOutcomes(files, total);
    expect(counts['record']).toBeGreaterThan(total / 5);
    expect((counts['refused'] ?? 0) + (counts['fault'] ?? 0)).toBeGreaterThan(total / 4);
  });
});
