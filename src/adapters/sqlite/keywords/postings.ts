import { setImmediate } from 'node:timers/promises';
import type { Database } from '../database.js';

/** caption, alt, label, labels, title, journal, mentions, ids: what is printed under the figure before what is said of its article. */
export const columnWeights = '4.0, 2.0, 1.0, 4.0, 1.0, 0.5, 1.0, 8.0';

/** BM25's constants in FTS5 (ext/fts5/fts5_aux.c of SQLite). */
export const k1 = 1.2;
const b = 0.75;
const linesAtOnce = 2000;
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
 * exact, since frequencies are multiples of half a weight.
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
  const lines = row?.list == null ? [] : row.list.split(';');
  const postings = {
    panels: new Uint32Array(lines.length),
    frequencies: new Float32Array(lines.length),
    lengths: new Uint32Array(lines.length),
  };
  const idf = idfOf(totals.panels, lines.length);
  for (const [at, line] of lines.entries()) {
    // A common word stands in every second panel: others have their turn meanwhile.
    if (at % linesAtOnce === linesAtOnce - 1) await setImmediate();
    const [panel = '', score = '', sizes = ''] = line.split(' ');
    const length = sum(decodeVarints(sizes));
    // score = idf × f(k1 + 1) / (f + K), solved for f.
    const share = -Number(score) / idf;
    const frequency = (share * lengthNorm(length, totals)) / (k1 + 1 - share);
    postings.panels[at] = Number(panel);
    postings.frequencies[at] = Math.round(2 * frequency) / 2;
    postings.lengths[at] = length;
  }
  return { postings, totals };
}

export async function readTotals(database: Database, table: string): Promise<IndexTotals> {
  const [row] = await database.scanner.query<{ totals: string | null }[]>(`SELECT ${totalsOf(table)} AS totals`);
  return decodeTotals(row?.totals ?? null);
}

/** @param matching panels that hold the part */
export function idfOf(panels: number, matching: number): number {
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
  const [panels = 0, ...lengths] = decodeVarints(hex ?? '');
  return { panels, meanLength: panels === 0 ? 1 : sum(lengths) / panels };
}

/** SQLite's variable-length integers: seven bits a byte, the most significant first. */
function decodeVarints(hex: string): readonly number[] {
  const numbers: number[] = [];
  let number = 0;
  for (let at = 0; at < hex.length; at += 2) {
    const byte = Number.parseInt(hex.slice(at, at + 2), 16);
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  return numbers;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
