import type { FacetField } from '../../domain/facet.js';
import {
  anyMaskOfFigure,
  effectiveLicense,
  effectiveLicenseKey,
  everything,
  joinedTables,
  withAnyMask,
  type Condition,
} from './filter-sql.js';
import { shownClassifier } from './panel-class-store.js';

/** Which values are counted. */
export interface CountedValues {
  readonly field: FacetField;
  /** Of the figures; `everything` itself for all of them. */
  readonly condition: Condition;
  /** Whether it names the figures one by one. */
  readonly areFew: boolean;
  readonly limit: number;
  /** Only the values with these keys; absent: any. */
  readonly keys?: readonly string[] | undefined;
}

/** Counts figures by their values, most frequent first: rows with `value`, `key` and `count`. */
export function facetStatement(counted: CountedValues): Condition {
  const { condition, keys, limit } = counted;
  // MAX chooses the row: of the ways in which a value is written, the most frequent one.
  const sql = `SELECT value, key, SUM(each) AS count, MAX(each) FROM
      (SELECT value, key, COUNT(*) AS each FROM (${valuesOf(counted)}) GROUP BY key, value ORDER BY value)
    GROUP BY key ORDER BY 3 DESC, 1 LIMIT ?`;
  return { sql, values: [...condition.values, ...(keys === undefined ? [] : [JSON.stringify(keys)]), limit] };
}

/** All figures by the value of a field: rows with `value`, `key` and `numbers`, a text with commas, in the order of values. */
export function facetColumnStatement(field: FacetField): string {
  const all = valuesOf({ field, condition: everything, areFew: false, limit: 0 });
  return `SELECT value, key, group_concat(seq) AS numbers FROM (${all}) GROUP BY key, value ORDER BY value`;
}

const articleColumns = {
  year: { value: 'CAST(article.year AS TEXT)', key: 'CAST(article.year AS TEXT)' },
  journal: { value: 'article.journal', key: 'article.journal_key' },
} as const;

const figureColumns = {
  modality: { value: 'figure.modality', key: 'figure.modality_key' },
  license: { value: effectiveLicense, key: effectiveLicenseKey },
} as const;

const figuresOfArticles = `article CROSS JOIN figure ON figure.article_id = article.id`;

/** The values of each figure with the keys by which they are compared, and its number, as a statement; one without a value has no row. */
function valuesOf(counted: CountedValues): string {
  const { field, condition } = counted;
  // From an article to its figures there is an index, from all figures to their articles a search for each.
  const isByArticle = condition === everything;
  switch (field) {
    case 'label':
      return labelsOf(counted);
    case 'hasAnyMask':
      return masksOf(counted);
    case 'figureType':
      return classesOf('figure_type', counted);
    case 'predictedModality':
      return classesOf('modality', counted);
    case 'year':
    case 'journal':
      return columnOf(articleColumns[field], isByArticle ? figuresOfArticles : joinedTables, counted);
    case 'modality':
    case 'license':
      return columnOf(figureColumns[field], joinedTables, counted);
  }
}

const isWanted = (key: string, keys: readonly string[] | undefined): string =>
  keys === undefined ? 'TRUE' : `${key} IN (SELECT value FROM json_each(?))`;

function columnOf(
  { value, key }: { readonly value: string; readonly key: string },
  tables: string,
  { condition, keys }: CountedValues,
): string {
  return `SELECT ${value} AS value, ${key} AS key, figure.seq AS seq FROM ${tables}
    WHERE ${condition.sql} AND ${key} IS NOT NULL AND ${isWanted(key, keys)}`;
}

function labelsOf({ condition, keys }: CountedValues): string {
  if (keys === undefined) {
    return `SELECT label AS value, key, figure_seq AS seq FROM figure_label
      WHERE figure_seq IN (SELECT figure.seq FROM ${joinedTables} WHERE ${condition.sql})`;
  }
  // From the few labels to their figures: the planner would look for each label at each figure.
  return `SELECT figure_label.label AS value, figure_label.key AS key, figure.seq AS seq
    FROM figure_label CROSS JOIN figure ON figure.seq = figure_label.figure_seq
      LEFT JOIN article ON article.id = figure.article_id
    WHERE ${condition.sql} AND ${isWanted('figure_label.key', keys)}`;
}

/** Each figure once for each value that its panels have. */
function classesOf(column: 'figure_type' | 'modality', { condition, areFew, keys }: CountedValues): string {
  const value = `panel_class.${column}`;
  const selected = `SELECT DISTINCT ${value} AS value, ${value} AS key, panel_class.figure_seq AS seq`;
  const shown = `panel_class.classifier = ${shownClassifier} AND ${value} IS NOT NULL`;
  if (areFew) {
    // From the few figures to their panels: no index of the classes begins with the figure.
    return `${selected} FROM ${joinedTables} CROSS JOIN panel ON panel.figure_id = figure.id
      CROSS JOIN panel_class ON panel_class.panel_seq = panel.seq
      WHERE ${condition.sql} AND ${shown} AND ${isWanted(value, keys)}`;
  }
  const figures =
    condition === everything ? 'TRUE' : `figure_seq IN (SELECT figure.seq FROM ${joinedTables} WHERE ${condition.sql})`;
  return `${selected} FROM panel_class WHERE ${figures} AND ${shown} AND ${isWanted(value, keys)}`;
}

function masksOf({ condition, areFew, keys }: CountedValues): string {
  const value = `CASE WHEN ${areFew ? anyMaskOfFigure : withAnyMask.sql} THEN 'true' ELSE 'false' END`;
  const tables = condition === everything ? 'figure' : joinedTables;
  // The limit keeps the inner statement apart: the masks would be gone through once for each of the two columns.
  return `SELECT value, value AS key, seq FROM (SELECT ${value} AS value, figure.seq AS seq FROM ${tables} WHERE ${condition.sql} LIMIT -1)
    WHERE ${isWanted('value', keys)}`;
}
