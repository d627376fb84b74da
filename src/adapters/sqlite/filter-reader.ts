import { LRUCache } from 'lru-cache';
import type { CorpusState } from '../../domain/corpus-state.js';
import type { FacetCount, FacetField } from '../../domain/facet.js';
import { asksForCollection, asksForMask, type FigureFilter } from '../../domain/figure-filter.js';
import type { ListedPart } from '../../domain/figure-order.js';
import { allowsAll, FigureSet, type FigureScope } from '../../domain/figure-scope.js';
import { sha256, type FigureId } from '../../domain/ids.js';
import { toPage, type SeqPage } from '../../domain/page.js';
import { cachedPromise } from '../../platform/cached-promise.js';
import { SharedRead } from '../../platform/shared-read.js';
import { FigureFilters, type FigurePage } from '../../ports/figure-filters.js';
import { readCorpusState } from './corpus-state.js';
import type { Database } from './database.js';
import { hiddenFigures } from './duplicate-decision-store.js';
import { countColumn, FacetColumns } from './facet-columns.js';
import { facetStatement, type CountedValues } from './facet-sql.js';
import { everything, joinedTables, toCondition, type Condition } from './filter-sql.js';
import { toNumbers } from './number-list.js';
import { OrderedFigures } from './ordered-figures.js';

/** Of a search without a filter, which finds retracted figures too, where some figures are hidden. */
const allButHidden: FigureFilter = { excludeRetracted: false };

function shown({ sql, values }: Condition): Condition {
  return { sql: `(${sql} AND figure.id NOT IN (${hiddenFigures}))`, values };
}

/** On a connection of its own: these queries see many rows. */
export class FilterReader extends FigureFilters {
  private readonly resolved = new LRUCache<string, Promise<FigureScope>>({ max: 200 });
  private readonly counts = new LRUCache<string, Promise<number>>({ max: 500 });
  private readonly facets = new LRUCache<string, Promise<readonly FacetCount[]>>({ max: 500 });
  private readonly allowed = new LRUCache<string, Promise<FigureSet>>({ max: 64 });
  private readonly state: SharedRead<CorpusState>;
  private readonly ordered: OrderedFigures;
  private readonly columns: FacetColumns;

  constructor(private readonly database: Database) {
    super();
    this.state = new SharedRead(() => readCorpusState(database));
    this.ordered = new OrderedFigures(database);
    this.columns = new FacetColumns(database);
  }

  corpus(): Promise<CorpusState> {
    return this.state.get();
  }

  async resolve(given: FigureFilter | null, corpus: CorpusState): Promise<FigureScope> {
    const { version } = corpus;
    const filter = given ?? ((await this.hidesSome(version)) ? allButHidden : null);
    const collections = filter !== null && asksForCollection(filter) ? corpus.collectionsVersion : '';
    const masks = filter !== null && asksForMask(filter) ? corpus.masksVersion : '';
    const key = sha256(`${version} ${collections} ${masks} ${JSON.stringify(filter)}`);
    return cachedPromise(this.resolved, key, async () => {
      const all = await cachedPromise(this.counts, version, () => this.count(everything));
      const everyFigure = { key: `all ${version}`, filter: null, lastFigure: null, count: all };
      if (filter === null) return everyFigure;
      const scope = { key, filter, lastFigure: null, count: all };
      const count = await this.count(await this.condition(scope));
      return count === all ? everyFigure : { ...scope, count };
    });
  }

  allowedFigures(scope: FigureScope): Promise<FigureSet> {
    return cachedPromise(this.allowed, `${scope.key} ${scope.lastFigure ?? ''}`, async () => {
      const { sql, values } = await this.condition(scope);
      // One text for all numbers: 100,000 rows would cost ten times as much.
      const rows = await this.query<{ numbers: string | null }>(
        `SELECT group_concat(figure.seq) AS numbers FROM ${joinedTables} WHERE ${sql}`,
        values,
      );
      return FigureSet.of(toNumbers(rows[0]?.numbers ?? null));
    });
  }

  async page(scope: FigureScope, after: number, first: number): Promise<SeqPage<{ readonly id: FigureId }>> {
    const { sql, values } = await this.condition(scope);
    const rows = await this.query<{ seq: number; id: FigureId }>(
      `SELECT figure.seq, figure.id FROM ${joinedTables} WHERE figure.seq > ? AND ${sql} ORDER BY figure.seq LIMIT ?`,
      [after, ...values, first + 1],
    );
    return toPage(rows, first);
  }

  async list(scope: FigureScope, part: ListedPart): Promise<FigurePage> {
    const set = allowsAll(scope) ? null : await this.allowedFigures(scope);
    return this.ordered.page({ set, count: scope.count, filter: scope.filter }, part);
  }

  async facet(
    scope: FigureScope,
    field: FacetField,
    limit: number,
    keys?: readonly string[],
  ): Promise<readonly FacetCount[]> {
    // The key of a scope tells of masks only where its filter asks for some.
    const masks = field === 'hasAnyMask' ? (await this.corpus()).masksVersion : '';
    const asked = JSON.stringify([field, limit, keys, scope.key, scope.lastFigure, masks]);
    return cachedPromise(this.facets, asked, async () => {
      const { version } = await this.corpus();
      const column = allowsAll(scope) ? null : await this.columns.find(field, `${version} ${masks}`);
      if (column !== null) return countColumn(column, await this.allowedFigures(scope), limit, keys);
      const condition = await this.condition(scope);
      return this.countValues({ field, condition, areFew: false, limit, keys });
    });
  }

  facetOf(figureIds: readonly string[], field: FacetField): Promise<readonly FacetCount[]> {
    const condition = { sql: 'figure.id IN (SELECT value FROM json_each(?))', values: [JSON.stringify(figureIds)] };
    const limit = Math.max(1, figureIds.length * 20);
    return this.countValues({ field, condition, areFew: true, limit });
  }

  private async countValues(counted: CountedValues): Promise<readonly FacetCount[]> {
    const { sql, values } = facetStatement(counted);
    const rows = await this.query<FacetCount>(sql, values);
    return rows.map(({ value, key, count }) => ({ value, key, count }));
  }

  /** A scope over `figure` and `article`. */
  async condition({ filter, lastFigure }: FigureScope): Promise<Condition> {
    const condition = filter === null ? everything : shown(toCondition(filter, await this.licenses()));
    if (lastFigure === null) return condition;
    return { sql: `(${condition.sql} AND figure.seq <= ?)`, values: [...condition.values, lastFigure] };
  }

  private async count(condition: Condition): Promise<number> {
    // SQLite would look up the article of each figure, although nothing is asked of it.
    const tables = condition === everything ? 'figure' : joinedTables;
    const rows = await this.query<{ count: number }>(
      `SELECT COUNT(*) AS count FROM ${tables} WHERE ${condition.sql}`,
      condition.values,
    );
    return rows[0]?.count ?? 0;
  }

  /** Whether people decided to hide a figure that is there. */
  private async hidesSome(version: string): Promise<boolean> {
    const hidden = { sql: `figure.id IN (${hiddenFigures})`, values: [] };
    return (await cachedPromise(this.counts, `hidden ${version}`, () => this.count(hidden))) > 0;
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
