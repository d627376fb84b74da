import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { countRows, csvRows } from './csv-rows.js';

function written(content: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'csv-')), 'test_captions.csv');
  writeFileSync(file, content);
  return file;
}

async function all(file: string, columns: readonly string[]): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const row of csvRows(file, columns)) rows.push(row);
  return rows;
}

describe('rows of a CSV file', () => {
  it('are read by the names of their columns, with commas, quotes and line ends in them', async () => {
    const file = written('\uFEFFCaption,Other,ID\r\n"CT, axial:\n a ""ring"" sign",x,one\r\nplain,y,two\r\n');
    expect(await all(file, ['ID', 'caption'])).toEqual([
      ['one', 'CT, axial:\n a "ring" sign'],
      ['two', 'plain'],
    ]);
    expect(await countRows(file, ['ID'])).toBe(2);
  });

  it('are refused where a column is absent, with those there are', async () => {
    await expect(all(written('image_id,caption\na,b\n'), ['ID'])).rejects.toThrow(
      'test_captions.csv has no column ID: expected a first line that names the columns ID with commas between them, but found image_id,caption',
    );
  });

  it.each([
    ['a row with a value too many', 'ID,Caption\na,b,c\n', /no CSV file with ID: .*line 2/],
    ['a quote that is not closed', 'ID,Caption\na,"b\n', /no CSV file with ID: Quote Not Closed/],
    ['an empty file', '', /is empty; expected ID/],
  ])('are refused for %s', async (_what, content, message) => {
    await expect(all(written(content), ['ID'])).rejects.toThrow(message);
  });

  it('are refused where there is no file', async () => {
    await expect(all('/nowhere/labels.csv', ['ID'])).rejects.toThrow(/ENOENT/);
  });
});
