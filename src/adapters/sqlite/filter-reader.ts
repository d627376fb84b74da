import { LRUCache } from 'lru-cache';
import { sha256 } from '../../domain/ids.js';
import type { VectorKind } from '../../domain/search.js';
import { asksForCollection, asksForMask, type FigureFilter } from '../../domain/figure-filter.js';
import type { FigureId } from '../../domain/ids.js';
import { pageOf, type SeqPage } from '../../domain/page.js';
import type { Database } from './database.js';
import { effectiveLicense, effectiveLicenseKey, everything, toCondition, type Condition } from './filter-sql.js';

export type FacetField = 'modality' | 'year' | 'license' | 'journal' | 'label';

export interface FacetCount {
  /** As most of the figures write it. */
  readonly value: string;
  /** By which values are compared. */
  readonly key: string;
  readonly count: number;
}

/** The corpus at one moment. */
export interface CorpusState {
  /** Changes with every figure that is added, changed or deleted, by any process. */
  readonly version: string;
  /** Changes with every figure that joins or leaves a collection. */
  readonly collectionsVersion: string;
  /** Changes with every mask that is made. */
  readonly masksVersion: string;
  /** Number of the newest figure: what comes later has a greater one. */
  readonly lastFigure: number;
}

/** A filter as it stands for one state of the corpus. Two with one key allow the same figures. */
export interface ResolvedFilter {
  readonly key: string;
  /** Null where every figure of the corpus is allowed: then a search needs no filter. */
  readonly condition: Condition | null;
  /** Figures that it allows. */
  readonly count: number;
}

const joinedTables = `figure LEFT JOIN article ON article.id = figure.article_id`;
/** A value and the key by which it is compared; figures that have none have no key. */
const facetColumns: Readonly<Record<Exclude<FacetField, 'label'>, { readonly value: string; readonly key: string }>> = {
  modality: { value: 'figure.modality', key: 'figure.modality_key' },
  year: { value: 'CAST(article.year AS TEXT)', key: 'CAST(article.year AS TEXT)' },
  license: { value: effectiveLicense, key: effectiveLicenseKey },
  journal: { value: 'article.journal', key: 'article.journal_key' },
};

/** Which figures a filter allows, how many, and what they are like. On a connection of its own: these queries see many rows. */
export class FilterReader {
  private readonly resolved = new LRUCache<string, Promise<ResolvedFilter>>({ max: 200 });
  private readonly counts = new LRUCache<string, Promise<number>>({ max: 500 });
  private readonly facets = new LRUCache<string, Promise<readonly FacetCount[]>>({ max: 500 });

  constructor(private readonly database: Database) {}

  async corpus(): Promise<CorpusState> {
    const [row] = await this.database.reader.query<Partial<CorpusState>[]>(
      `SELECT (SELECT value FROM property WHERE name = 'corpus_version') AS version,
         (SELECT value FROM property WHERE name = 'collections_version') AS collectionsVersion,
         (SELECT value FROM property WHERE name = 'masks_version') AS masksVersion,
         (SELECT MAX(seq) FROM figure) AS lastFigure`,
    );
    return {
      version: row?.version ?? '0',
      collectionsVersion: row?.collectionsVersion ?? '0',
      masksVersion: row?.masksVersion ?? '0',
      lastFigure: row?.lastFigure ?? 0,
    };
  }

  async resolve(filter: FigureFilter | null, corpus: CorpusState): Promise<ResolvedFilter> {
    const { version } = corpus;
    const collections = filter !== null && asksForCollection(filter) ? corpus.collectionsVersion : '';
    const masks = filter !== null && asksForMask(filter) ? corpus.masksVersion : '';
    const key = sha256(`${version} ${collections} ${masks} ${JSON.stringify(filter)}`);
    return kept(this.resolved, key, async () => {
      const condition = toCondition(filter ?? {}, await this.licenses());
      const all = await kept(this.counts, version, () => this.count(everything));
      const count = filter === null ? all : await this.count(condition);
      return count === all ? { key: `all ${version}`, condition: null, count } : { key, condition, count };
    });
  }

  /** Allowed figures in the order of their making. */
  async page({ condition }: ResolvedFilter, after: number, first: number): Promise<SeqPage<{ readonly id: FigureId }>> {
    const { sql, values } = condition ?? everything;
    const rows = await this.query<{ seq: number; id: FigureId }>(
      `SELECT figure.seq, figure.id FROM ${joinedTables} WHERE figure.seq > ? AND ${sql} ORDER BY figure.seq LIMIT ?`,
      [after, ...values, first + 1],
    );
    return pageOf(rows, first);
  }

  /** Labels (`embedding.seq`) of the vectors of the allowed figures, ascending. */
  async labels(condition: Condition, space: string, kind: VectorKind): Promise<Uint32Array> {
    // One text for all numbers: 100,000 rows would cost ten times as much.
    const rows = await this.query<{ seqs: string | null }>(
      `SELECT group_concat(seq) AS seqs FROM (
         SELECT seq FROM embedding WHERE space = ? AND kind = ?
         AND figure_seq IN (SELECT figure.seq FROM ${joinedTables} WHERE ${condition.sql}) ORDER BY seq)`,
      [space, kind, ...condition.values],
    );
    return toNumbers(rows[0]?.seqs ?? null);
  }

  /** How many of the allowed figures carry each value, most frequent first, at most `limit`. */
  async facet({ key, condition }: ResolvedFilter, field: FacetField, limit: number): Promise<readonly FacetCount[]> {
    return kept(this.facets, `${field} ${limit} ${key}`, () => this.countBy(condition ?? everything, field, limit));
  }

  /** The same for given figures. */
  facetOf(figureIds: readonly string[], field: FacetField): Promise<readonly FacetCount[]> {
    const among = { sql: 'figure.id IN (SELECT value FROM json_each(?))', values: [JSON.stringify(figureIds)] };
    return this.countBy(among, field, Math.max(1, figureIds.length * 20));
  }

  private async countBy({ sql, values }: Condition, field: FacetField, limit: number): Promise<readonly FacetCount[]> {
    const pairs =
      field === 'label'
        ? `SELECT label AS value, key FROM figure_label
             WHERE figure_seq IN (SELECT figure.seq FROM ${joinedTables} WHERE ${sql})`
        : `SELECT ${facetColumns[field].value} AS value, ${facetColumns[field].key} AS key FROM ${joinedTables}
             WHERE ${sql} AND ${facetColumns[field].key} IS NOT NULL`;
    // MAX chooses the row: of the ways in which a value is written, the most frequent one.
    const rows = await this.query<FacetCount>(
      `SELECT value, key, SUM(each) AS count, MAX(each) FROM
         (SELECT value, key, COUNT(*) AS each FROM (${pairs}) GROUP BY key, value ORDER BY value)
       GROUP BY key ORDER BY 3 DESC, 1 LIMIT ?`,
      [...values, limit],
    );
    return rows.map(({ value, key, count }) => ({ value, key, count }));
  }

  private async count({ sql, values }: Condition): Promise<number> {
    const rows = await this.query<{ count: number }>(
      `SELECT COUNT(*) AS count FROM ${joinedTables} WHERE ${sql}`,
      values,
    );
    return rows[0]?.count ?? 0;
  }

  private async licenses(): Promise<readonly string[]> {
    const rows = await this.query<{ license: string }>(
      `SELECT DISTINCT license FROM figure WHERE license IS NOT NULL
       UNION SELECT DISTINCT license FROM article WHERE license IS NOT NULL`,
      [],
    );
    return rows.map(({ license }) => license);
  }

  private query<Row>(sql: string, values: readonly (string | number)[]): Promise<Row[]> {
    return this.database.scanner.query<Row[]>(sql, [...values]);
  }
}

/** A result that is being made is shared; one that failed is not kept. */
function kept<V>(cache: LRUCache<string, Promise<V>>, key: string, make: () => Promise<V>): Promise<V> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

function toNumbers(list: string | null): Uint32Array {
  return list === null ? new Uint32Array(0) : Uint32Array.from(list.split(','), Number);
}
