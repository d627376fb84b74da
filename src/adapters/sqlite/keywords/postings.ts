import type { Database } from '../database.js';
import { forEachRow, forEachVarint, sumVarints } from './fts-numbers.js';
import { wordColumns } from './word-index.js';

/** caption, alt, label, labels, title, journal, mentions, ids: what is printed under the figure before what is said of its article. */
export const columnWeights = '4.0, 2.0, 1.0, 4.0, 1.0, 0.5, 1.0, 8.0';

const weights = columnWeights.split(', ').map(Number);
/** By the first letter and the length of the name: no two columns share both, and a name need not be made for each place of a word. */
const weightByName = new Map(wordColumns.map((name, i) => [keyOf(name.charCodeAt(0), name.length), weights[i] ?? 0]));

/** @param first code of the first letter of a column's name */
export function weightOfColumn(first: number, length: number): number {
  return weightByName.get(keyOf(first, length)) ?? 0;
}

function keyOf(first: number, length: number): number {
  return 256 * length + first;
}

/** BM25's constants in FTS5 (ext/fts5/fts5_aux.c of SQLite). */
export const k1 = 1.2;
const b = 0.75;
/** For a word that more than half of all panels hold. */
const minIdf = 1e-6;

/** In which panels a part of an expression stands, and how often. */
export interface Postings {
  /** Numbers of the panels, ascending. */
  readonly panels: Uint32Array;
  /** How often it stands in each, every time counted with the weight of its column. */
  readonly frequencies: Float32Array;
  /** Terms that each panel has in all its columns. */
  readonly lengths: Uint32Array;
}

/** What BM25 takes from the whole index. */
export interface IndexTotals {
  readonly panels: number;
  /** Terms that a panel has on average. */
  readonly meanLength: number;
}

interface Row {
  readonly list: string | null;
  readonly totals: string | null;
}

/**
 * Reads postings from an FTS5 table. FTS5 tells no frequencies, but from BM25 of a single part they follow: its inverse is
 * exact, since all frequencies are multiples of the smallest weight, 0.5.
 * @param table `panel_words`, or one with the same columns
 */
export async function readPostings(
  database: Database,
  table: string,
  part: string,
): Promise<{ readonly postings: Postings; readonly totals: IndexTotals }> {
  // One text for all rows: 100,000 objects would cost ten times as much.
  const [row] = await database.scanner.query<Row[]>(
    `SELECT group_concat(panel || ' ' || score || ' ' || sizes, ';') AS list, ${totalsOf(table)} AS totals FROM (
       SELECT rowid AS panel, bm25(${table}, ${columnWeights}) AS score,
         (SELECT hex(sz) FROM ${table}_docsize WHERE id = ${table}.rowid) AS sizes
       FROM ${table} WHERE ${table} MATCH ? ORDER BY rowid LIMIT -1)`,
    [part],
  );
  const totals = decodeTotals(row?.totals ?? null);
  // Numbers in lists of their own: an object for each of 100,000 rows would hold up the event loop.
  const [panels, scores, lengths]: [number[], number[], number[]] = [[], [], []];
  await forEachRow(row?.list ?? '', ([panel = '', score = '', sizes = '']) => {
    panels.push(Number(panel));
    scores.push(Number(score));
    lengths.push(sumVarints(sizes));
  });
  const idf = computeIdf(totals.panels, panels.length);
  const frequencies = new Float32Array(scores.length);
  for (let at = 0; at < frequencies.length; at++) {
    // score = idf × f(k1 + 1) / (f + K), solved for f.
    const share = -(scores[at] ?? 0) / idf;
    frequencies[at] = Math.round((2 * share * lengthNorm(lengths[at] ?? 0, totals)) / (k1 + 1 - share)) / 2;
  }
  return { postings: { panels: Uint32Array.from(panels), frequencies, lengths: Uint32Array.from(lengths) }, totals };
}

export async function readTotals(database: Database, table: string): Promise<IndexTotals> {
  const [row] = await database.scanner.query<{ totals: string | null }[]>(`SELECT ${totalsOf(table)} AS totals`);
  return decodeTotals(row?.totals ?? null);
}

/** @param matching panels that hold the part */
export function computeIdf(panels: number, matching: number): number {
  const idf = Math.log((panels - matching + 0.5) / (matching + 0.5));
  return idf > 0 ? idf : minIdf;
}

/** What a frequency is compared with in a panel of so many terms. */
export function lengthNorm(length: number, { meanLength }: IndexTotals): number {
  return k1 * (1 - b + (b * length) / meanLength);
}

/** FTS5 keeps the number of rows, then the terms of each column, in the record 1 of its data table. */
function totalsOf(table: string): string {
  return `(SELECT hex(block) FROM ${table}_data WHERE id = 1)`;
}

function decodeTotals(hex: string | null): IndexTotals {
  const numbers: number[] = [];
  forEachVarint(hex ?? '', (number) => numbers.push(number));
  const [panels = 0, ...lengths] = numbers;
  const terms = lengths.reduce((total, length) => total + length, 0);
  return { panels, meanLength: panels === 0 ? 1 : terms / panels };
}
