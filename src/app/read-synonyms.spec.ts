import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseQuery } from '../domain/text/parse-query.js';
import { readSynonyms } from './read-synonyms.js';

const folder = mkdtempSync(path.join(tmpdir(), 'synonyms-'));

function fileOf(text: string): string {
  const file = path.join(folder, 'synonyms.txt');
  writeFileSync(file, text);
  return file;
}

describe('readSynonyms', () => {
  it('adds the lines of a file to the list of the field', () => {
    const synonyms = readSynonyms({
      synonyms: fileOf('\ufeff# Ours\r\nzebrafish = Danio rerio\r\nheart attack = coronary\r\n'),
    });
    expect(synonyms.expand(parseQuery('zebrafish after a heart attack'))).toMatchObject([
      { words: 'zebrafish', synonyms: ['Danio rerio'] },
      { words: 'heart attack', synonyms: ['myocardial infarction', 'coronary'] },
    ]);
    expect(readSynonyms({ synonyms: null }).expand(parseQuery('zebrafish'))).toEqual([]);
  });

  it('names the file and the line that cannot be read', () => {
    expect(() => readSynonyms({ synonyms: fileOf('zebrafish\n') })).toThrow(
      /received “zebrafish” \(.*synonyms\.txt, line 1\)/,
    );
    expect(() => readSynonyms({ synonyms: path.join(folder, 'absent.txt') })).toThrow(/FIGSEEK_SYNONYMS.*ENOENT/);
  });
});
