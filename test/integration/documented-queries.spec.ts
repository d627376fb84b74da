import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { CaptionedCorpus, type CaptionedFigure } from '../support/captioned-corpus.js';

const page = readFileSync(path.join(packageRoot, 'docs/search.md'), 'utf8');

/** The rows of the table with these columns, each cell without its code marks. */
function tableOf(...columns: readonly string[]): readonly (readonly string[])[] {
  const [, rows] = page.split(`\n| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}\n`);
  if (rows === undefined) throw new Error(`docs/search.md has no table of ${columns.join(', ')}`);
  return rows
    .slice(0, rows.indexOf('\n\n'))
    .split('\n')
    .map((row) => cellsOf(row, columns.length));
}

function cellsOf(row: string, count: number): readonly string[] {
  const cells = row.split('|').slice(1, -1);
  if (cells.length !== count) throw new Error(`Expected ${count} cells in the row ${row}`);
  return cells.map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}

/** “A gel. (label: blot)” is a figure with this caption and label. */
function figureOf(cell: string, id: string): CaptionedFigure {
  const [, caption = cell, name, value] = /^(.*) \((id|label|journal|doi|pmcid): ([^)]+)\)$/.exec(cell) ?? [];
  return { id, caption, ...(name === undefined ? {} : { [name]: value }) };
}

/** Runs `work` over two figures as the cells of a row describe them. */
async function withFigures<Result>(
  cells: readonly [string, string],
  work: (corpus: CaptionedCorpus, found: string, other: string) => Promise<Result>,
): Promise<Result> {
  const [found, other] = [figureOf(cells[0], 'found'), figureOf(cells[1], 'other')];
  const corpus = await CaptionedCorpus.open([other, found]);
  try {
    return await work(corpus, found.id, other.id);
  } finally {
    await corpus.close();
  }
}

describe('the queries of docs/search.md', () => {
  const required = tableOf('required', 'query', 'found', 'not found');
  const free = tableOf('free', 'query', 'found by its words', 'not found by its words');
  const embedded = tableOf('query', 'embedded');
  const suggested = tableOf('caption', 'query', 'suggested');

  it('are all rows of tables in the section', () => {
    const [, section = ''] = page.split('\n### Words\n');
    const lines = section.slice(0, section.indexOf('\n## ')).match(/^\|.*$/gm) ?? [];
    const tables = [required, free, embedded, suggested];
    const headings = 2 * tables.length;
    expect(tables.flat().length).toBe(lines.length - headings);
  });

  it.each(required)('require %s: %s', async (_rule, query = '', ...cells) => {
    const [found = '', other = ''] = cells;
    await withFigures([found, other], async (corpus, wanted) => {
      expect(await corpus.allowedBy(query)).toEqual([wanted]);
    });
  });

  it.each(free)('leave free %s: %s', async (_rule, query = '', ...cells) => {
    const [found = '', other = ''] = cells;
    await withFigures([found, other], async (corpus, wanted, unnamed) => {
      expect([...(await corpus.allowedBy(query))].sort()).toEqual([wanted, unnamed].sort());
      expect(await corpus.search(query)).toEqual([wanted]);
    });
  });

  it.each(suggested)('have a better spelling beside “%s”: %s', async (caption = '', query = '', better = '') => {
    await withFigures([caption, 'A gel.'], async (corpus) => {
      expect(await corpus.suggest(query)).toBe(better === '' ? null : better);
    });
  });

  it.each(embedded)('ask the vectors for the words of %s: %s', async (query = '', words = '') => {
    await withFigures(['A gel.', 'A cell.'], async (corpus) => {
      const { terms } = await corpus.interpret(query);
      expect(terms.map((term) => (term.kind === 'text' ? term.text : term))).toEqual(words === '' ? [] : [words]);
    });
  });
});
