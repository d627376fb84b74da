import { LRUCache } from 'lru-cache';
import { sha256 } from '../../domain/ids.js';
import type { VectorKind } from '../../domain/search.js';
import type { FigureFilter } from '../../domain/figure-filter.js';
import type { Database } from '../database.js';
import { effectiveLicense, toCondition, type Condition } from '../filter-sql.js';

export type FacetField = 'modality' | 'year' | 'license' | 'journal' | 'label';

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

/** A filter as it stands for one state of the corpus. Two with one key allow the same figures. */
export interface ResolvedFilter {
  readonly key: string;
  readonly condition: Condition;
}

const joinedTables = `figure LEFT JOIN article ON article.id = figure.article_id`;
const facetValues: Readonly<Record<Exclude<FacetField, 'label'>, string>> = {
  modality: 'figure.modality',
  year: 'CAST(article.year AS TEXT)',
  license: effectiveLicense,
  journal: 'article.journal',
};

/** Which figures a filter allows, how many, and what they are like. On a connection of its own: these queries see many rows. */
export class FilterReader {
  private readonly resolved = new LRUCache<string, Promise<ResolvedFilter | null>>({ max: 200 });
  private readonly counts = new LRUCache<string, Promise<number>>({ max: 500 });
  private readonly facets = new LRUCache<string, Promise<readonly FacetCount[]>>({ max: 500 });

  constructor(private readonly database: Database) {}

  /** Changes with every figure that is added, changed or deleted, by any process. */
  async corpusVersion(): Promise<string> {
    const sql = `SELECT value FROM property WHERE name = 'corpus_version'`;
    const [row] = await this.database.reader.query<{ value: string }[]>(sql);
    return row?.value ?? '0';
  }

  /** @returns null where every figure of the corpus is allowed: then a search needs no filter */
  async resolve(filter: FigureFilter | null): Promise<ResolvedFilter | null> {
    const version = await this.corpusVersion();
    const key = sha256(`${version} ${JSON.stringify(filter)}`);
    return kept(this.resolved, key, async () => {
      const condition = toCondition(filter ?? {}, await this.licenses());
      const resolved = { key, condition };
      const [allowed, all] = await Promise.all([this.count(resolved), this.count(null)]);
      return allowed === all ? null : resolved;
    });
  }

  /** How many figures the filter allows. */
  async count(filter: ResolvedFilter | null): Promise<number> {
    const key = filter?.key ?? `all ${await this.corpusVersion()}`;
    const { sql, values } = filter?.condition ?? { sql: 'TRUE', values: [] };
    return kept(this.counts, key, async () => {
      const rows = await this.query<{ count: number }>(
        `SELECT COUNT(*) AS count FROM ${joinedTables} WHERE ${sql}`,
        values,
      );
      return rows[0]?.count ?? 0;
    });
  }

  /** Labels (`embedding.seq`) of the vectors of the allowed figures, ascending. */
  async labels({ condition }: ResolvedFilter, space: string, kind: VectorKind): Promise<Uint32Array> {
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
  async facet(filter: ResolvedFilter | null, field: FacetField, limit: number): Promise<readonly FacetCount[]> {
    const key = `${field} ${limit} ${filter?.key ?? `all ${await this.corpusVersion()}`}`;
    const { sql, values } = filter?.condition ?? { sql: 'TRUE', values: [] };
    return kept(this.facets, key, () =>
      field === 'label'
        ? this.query(
            `SELECT label AS value, COUNT(*) AS count FROM figure_label
             WHERE figure_seq IN (SELECT figure.seq FROM ${joinedTables} WHERE ${sql})
             GROUP BY label ORDER BY 2 DESC, 1 LIMIT ?`,
            [...values, limit],
          )
        : this.query(
            `SELECT ${facetValues[field]} AS value, COUNT(*) AS count FROM ${joinedTables}
             WHERE ${sql} AND ${facetValues[field]} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?`,
            [...values, limit],
          ),
    );
  }

  /** The same for given figures. */
  facetOf(figureIds: readonly string[], field: FacetField): Promise<readonly FacetCount[]> {
    const among = {
      key: sha256(JSON.stringify(figureIds)),
      condition: { sql: 'figure.id IN (SELECT value FROM json_each(?))', values: [JSON.stringify(figureIds)] },
    };
    return this.facet(among, field, Math.max(1, figureIds.length * 20));
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
