import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSource, type SourceFormat } from '../../src/adapters/sources/open-source.js';
import { FigseekError } from '../../src/domain/errors.js';
import { SeededRandom } from '../../src/domain/seeded-random.js';
import { makeImage } from '../support/source-ingest.js';
import { tableBytes } from '../support/table-sets.js';
import { damage } from './damage.js';

/** Kinds of items that a damaged file gives; what is refused as a whole has to have a code. */
async function outcomesOf(file: string, format: SourceFormat): Promise<readonly string[]> {
  const kinds: string[] = [];
  try {
    for await (const item of (await openSource(file, { format })).items) {
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

async function countOutcomes(
  name: string,
  format: SourceFormat,
  files: readonly Buffer[],
): Promise<Readonly<Record<string, number>>> {
  const random = new SeededRandom(`damaged ${format} files`);
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'damaged-')), name);
  const counts: Record<string, number> = {};
  for (let count = 0; count < 10_000; count++) {
    writeFileSync(file, damage(files[count % files.length] ?? Buffer.alloc(0), random));
    for (const kind of await outcomesOf(file, format)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('damaged tables and records', () => {
  it('of parquet give items, or are refused with a code: 10,000 of them', async () => {
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
    const counts = await countOutcomes('a.parquet', 'parquet', [tableBytes(columns), tableBytes(plain)]);
    expect(counts['record']).toBeGreaterThan(500);
    expect((counts['refused'] ?? 0) + (counts['fault'] ?? 0)).toBeGreaterThan(3000);
  });

  it('of JSON lines give items, or are refused with a code: 10,000 of them', async () => {
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
    const counts = await countOutcomes('a.jsonl', 'auto', files);
    expect(counts['record']).toBeGreaterThan(2000);
    expect((counts['refused'] ?? 0) + (counts['fault'] ?? 0)).toBeGreaterThan(3000);
  });
});
