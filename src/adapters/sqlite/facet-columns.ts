import { LRUCache } from 'lru-cache';
import type { FacetCount, FacetField } from '../../domain/facet.js';
import type { FigureSet } from '../../domain/figure-scope.js';
import { cachedPromise } from '../../platform/cached-promise.js';
import type { Database } from './database.js';
import { facetColumnStatement } from './facet-sql.js';
import { toNumbers } from './number-list.js';

/** One way in which a value is written, with the numbers of the figures that carry it. */
interface WrittenValue {
  readonly value: string;
  readonly key: string;
  readonly numbers: Uint32Array;
}

/** Columns in memory: those of two states of the corpus. */
const maxColumns = 16;

/**
 * The values of all figures in memory, about 4 bytes a figure and field, for the states of the corpus under which several
 * filters are asked: a filter is then counted in a few milliseconds.
 */
export class FacetColumns {
  private readonly columns = new LRUCache<string, Promise<readonly WrittenValue[]>>({ max: maxColumns });
  private readonly asked = new LRUCache<string, true>({ max: maxColumns });

  constructor(private readonly database: Database) {}

  /**
   * The values of a field, once they are asked for again: while an ingest changes the corpus all the time, they would be read
   * anew for each question.
   * @param state of the corpus, and of what the field is about
   * @returns null at the first time
   */
  async find(field: FacetField, state: string): Promise<readonly WrittenValue[] | null> {
    const key = `${field} ${state}`;
    if (!this.columns.has(key) && !this.asked.has(key)) {
      this.asked.set(key, true);
      return null;
    }
    return cachedPromise(this.columns, key, () => this.read(field));
  }

  private async read(field: FacetField): Promise<readonly WrittenValue[]> {
    const rows = await this.database.scanner.query<{ value: string; key: string; numbers: string }[]>(
      facetColumnStatement(field),
      [],
    );
    return rows.map(({ numbers, ...row }) => ({ ...row, numbers: toNumbers(numbers) }));
  }
}

/**
 * Counts the allowed figures of each value, most frequent first; of the ways in which a value is written, the most frequent
 * one is given.
 * @param keys only the values with these keys; absent: any
 */
export function countColumn(
  column: readonly WrittenValue[],
  allowed: FigureSet,
  limit: number,
  keys?: readonly string[],
): readonly FacetCount[] {
  const wanted = keys === undefined ? null : new Set(keys);
  const found = new Map<string, FacetCount & { readonly most: number }>();
  for (const { value, key, numbers } of column) {
    if (wanted?.has(key) === false) continue;
    const each = numbers.reduce((sum, number) => (allowed.has(number) ? sum + 1 : sum), 0);
    if (each === 0) continue;
    const before = found.get(key) ?? { value, key, count: 0, most: 0 };
    const isMost = each > before.most;
    const [shown, most] = isMost ? [value, each] : [before.value, before.most];
    found.set(key, { value: shown, key, count: before.count + each, most });
  }
  return [...found.values()]
    .sort((one, other) => other.count - one.count || Buffer.compare(Buffer.from(one.value), Buffer.from(other.value)))
    .slice(0, limit)
    .map(({ value, key, count }) => ({ value, key, count }));
}
