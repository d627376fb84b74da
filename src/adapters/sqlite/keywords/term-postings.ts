import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Database } from '../database.js';
import type { PanelLengths } from './panel-lengths.js';
import { weightOfColumn, type Postings } from './postings.js';
import { createWordViews } from './vocabulary.js';
import { temporaryIndexStatement, wordColumns } from './word-index.js';

/** One word in quotation marks, in all columns or in some. */
const singleWord = /^(?:(?:\{([a-z ]+)\}|([a-z]+)) : )?"([^" ]+)"$/;
const probe = 'word_probe';
const instancesAtOnce = 50_000;
/** So many words are deleted together. More than are asked at one time, as the latest may be in use. */
const probesAtOnce = 200;
const [space, comma, zero] = [32, 44, 48];

/**
 * Postings of single words. FTS5's view of its index (`fts5vocab`) tells each place of a term without looking up anything of
 * the panel, in a sixth of the time that the score of each panel takes.
 */
export class TermPostings {
  /** Of words that were asked before; null: the tokenizer makes none or several of it. */
  private readonly terms = new LRUCache<string, { readonly term: string | null }>({ max: 10_000 });
  private created: Promise<void> | null = null;
  private probes = 0;

  constructor(private readonly database: Database) {}

  /**
   * @param part of an expression
   * @param lengths of all panels that may hold it
   * @returns null for a phrase, a prefix, or what the tokenizer makes several terms of
   */
  async read(part: string, lengths: () => Promise<PanelLengths>): Promise<Postings | null> {
    const [whole, several, one, word = ''] = singleWord.exec(part) ?? [];
    if (whole === undefined) return null;
    await this.create();
    const columns = several?.split(' ') ?? (one === undefined ? [...wordColumns] : [one]);
    const known = this.terms.get(word);
    const list = known === undefined ? await this.placesOfWord(word, columns) : await this.places(known.term, columns);
    return list === null ? null : parseInstances(list, await lengths());
  }

  private async places(term: string | null, columns: readonly string[]): Promise<string | null> {
    if (term === null) return null;
    const [row] = await this.database.scanner.query<{ list: string | null }[]>(`SELECT ${placesOf('?', columns)}`, [
      ...[term, ...columns],
    ]);
    return row?.list ?? '';
  }

  /** Of a word whose term is not known: the tokenizer of the index cuts and stems it in a table of its own. */
  private async placesOfWord(word: string, columns: readonly string[]): Promise<string | null> {
    const row = ++this.probes;
    const { scanner } = this.database;
    await scanner.query(`INSERT INTO temp.${probe} (rowid, word) VALUES (?, ?)`, [row, word]);
    const [found] = await scanner.query<{ term: string | null; list: string | null }[]>(
      `WITH only (term) AS MATERIALIZED (SELECT max(term) FROM temp.${probe}_terms WHERE doc = ? HAVING count(*) = 1)
       SELECT (SELECT term FROM only) AS term, ${placesOf('(SELECT term FROM only)', columns)}`,
      [row, ...columns],
    );
    if (row % probesAtOnce === 0) {
      await scanner.query(`DELETE FROM temp.${probe} WHERE rowid <= ?`, [row - probesAtOnce]);
    }
    const term = found?.term ?? null;
    this.terms.set(word, { term });
    return term === null ? null : (found?.list ?? '');
  }

  private create(): Promise<void> {
    this.created ??= (async () => {
      const { scanner } = this.database;
      await createWordViews(this.database);
      await scanner.query(temporaryIndexStatement(probe, ['word']));
      await scanner.query(
        `CREATE VIRTUAL TABLE IF NOT EXISTS temp.${probe}_terms USING fts5vocab(temp, ${probe}, instance)`,
      );
    })().catch((error: unknown) => {
      this.created = null;
      throw error;
    });
    return this.created;
  }
}

/** A value of a statement: all places of a term in some columns. @param term as SQL gives it */
function placesOf(term: string, columns: readonly string[]): string {
  return `(SELECT group_concat(doc || ' ' || col) FROM temp.words_by_instance
           WHERE term = ${term} AND col IN (${columns.map(() => '?').join(', ')})) AS list`;
}

/** No place is shorter: `1 alt,` */
const minLength = 6;

/** Reads `12 caption,12 title,40 caption`: each place with its panel and column. Others have their turn meanwhile. */
async function parseInstances(text: string, { lengths }: PanelLengths): Promise<Postings> {
  const most = Math.ceil(text.length / minLength);
  const [panels, frequencies] = [new Uint32Array(most), new Float32Array(most)];
  let [count, last] = [0, -1];
  for (let at = 0, instances = 0; at < text.length; instances++) {
    if (instances % instancesAtOnce === instancesAtOnce - 1) await setImmediate();
    let panel = 0;
    for (let code = text.charCodeAt(at); code !== space; code = text.charCodeAt(++at)) panel = panel * 10 + code - zero;
    const from = ++at;
    while (at < text.length && text.charCodeAt(at) !== comma) at++;
    const weight = weightOfColumn(text.charCodeAt(from), at - from);
    at++;
    if (panel < last) throw new Error('Expected the places of a term in the order of their panels');
    if (panel !== last) panels[count++] = panel;
    frequencies[count - 1] = (frequencies[count - 1] ?? 0) + weight;
    last = panel;
  }
  const found = panels.slice(0, count);
  return {
    panels: found,
    frequencies: frequencies.slice(0, count),
    lengths: found.map((panel) => lengths[panel] ?? 0),
  };
}
