import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SourceItem } from '../../../domain/figure-record.js';
import { readJsonl } from './jsonl.js';
import { boundedLines } from './lines.js';

async function* inChunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield Promise.resolve(bytes.subarray(at, at + size));
}

async function linesOf(text: string, chunk: number, limit = 100): Promise<readonly (string | null)[]> {
  const lines: (string | null)[] = [];
  for await (const { bytes } of boundedLines(inChunks(text, chunk), limit)) lines.push(bytes?.toString() ?? null);
  return lines;
}

describe('boundedLines', () => {
  it.each([1, 2, 3, 100])('gives the same lines in chunks of %d bytes', async (chunk) => {
    expect(await linesOf('a\n\nµb\nlast', chunk)).toEqual(['a', '', 'µb', 'last']);
    expect(await linesOf('a\n', chunk)).toEqual(['a']);
    expect(await linesOf('', chunk)).toEqual([]);
  });

  it.each([1, 4, 100])('passes over a line past the limit, and goes on, in chunks of %d bytes', async (chunk) => {
    expect(await linesOf('12345\n1234\n123456789', chunk, 4)).toEqual([null, '1234', null]);
  });
});

describe('readJsonl', () => {
  it('takes a line that is too long for a fault, and reads the next', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'lines-')), 'figures.jsonl');
    const good = (id: string) => JSON.stringify({ id, image: 'a.png' });
    writeFileSync(file, `\uFEFF${good('one')}\r\n"${'x'.repeat(10_000_001)}"\n${good('two')}\n`);
    const items: SourceItem[] = [];
    for await (const item of readJsonl(file)) items.push(item);
    expect(items).toMatchObject([
      { kind: 'record', record: { id: 'one' } },
      { kind: 'fault', sourceKey: 'line 2', message: expect.stringMatching(/10000003 bytes long; expected at most/) },
      { kind: 'record', record: { id: 'two' } },
    ]);
  });
});
