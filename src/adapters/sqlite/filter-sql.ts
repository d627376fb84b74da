import { licenseAllows, type FigureFilter, type MaskFilter } from '../../domain/figure-filter.js';
import { plainPrompt } from '../../domain/mask.js';
import { valueKey } from '../../domain/text/fold-text.js';
import type { QueryLeaf } from '../../domain/text/parse-query.js';
import { isLeaf, type WordCondition } from '../../domain/text/word-condition.js';
import { leafExpression } from './keywords/match-expression.js';
import { joinByOr } from './keywords/query-terms.js';
import { currentVersionCondition } from './mask-rows.js';
import { shownClassifier } from './panel-class-store.js';

/** A condition over `figure` and `article` (left-joined), with its bound values. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

export const everything: Condition = { sql: 'TRUE', values: [] };

/** What conditions are over. */
export const joinedTables = `figure LEFT JOIN article ON article.id = figure.article_id`;

/** The license that counts: the figure's own, else its article's. */
export const effectiveLicense = `COALESCE(figure.license, article.license)`;
export const effectiveLicenseKey = `COALESCE(figure.license_key, article.license_key)`;

/**
 * A figure filter → SQL. Values are bound, never written into the text.
 * @param knownLicenses every license of the corpus; `reuse` chooses from them
 */
export function toCondition(filter: FigureFilter, knownLicenses: readonly string[]): Condition {
  const own = allOf(ownConditions(filter, knownLicenses));
  return filter.excludeRetracted === false ? own : allOf([{ sql: `article.retracted IS NOT TRUE`, values: [] }, own]);
}

function ownConditions(filter: FigureFilter, licenses: readonly string[]): readonly Condition[] {
  const inner = (part: FigureFilter): Condition => allOf(ownConditions(part, licenses));
  const parts: (Condition | null)[] = [
    compare(`article.year >= ?`, filter.yearFrom),
    compare(`article.year <= ?`, filter.yearTo),
    oneOf(`article.year`, filter.years),
    oneOf(`figure.modality_key`, filter.modalities?.map(valueKey)),
    ofClass('figure_type', filter.figureTypes),
    ofClass('modality', filter.predictedModalities),
    oneOf(effectiveLicenseKey, filter.licenses?.map(valueKey)),
    oneOf(`article.journal_key`, filter.journals?.map(valueKey)),
    filter.articleIds == null || filter.articleIds.length === 0 ? null : ofArticles(filter.articleIds),
    withLabel(filter.labels),
    filter.collectionId == null ? null : inCollection(filter.collectionId),
    filter.hasMask == null ? null : withMask(filter.hasMask),
    filter.hasAnyMask == null ? null : filter.hasAnyMask ? withAnyMask : negated(withAnyMask),
    compare(`figure.created_at > ?`, filter.ingestedAfter?.getTime()),
    filter.reuse == null || filter.reuse === 'ANY'
      ? null
      : among(
          effectiveLicense,
          licenses.filter((license) => licenseAllows(license, filter.reuse ?? 'ANY')),
        ),
    filter.words == null ? null : withWords(filter.words),
    ...(filter.and ?? []).map(inner),
    filter.or == null || filter.or.length === 0 ? null : joined(filter.or.map(inner), 'OR'),
    filter.not == null ? null : negated(inner(filter.not)),
  ];
  return parts.filter((part) => part !== null);
}

function compare(sql: string, value: number | null | undefined): Condition | null {
  return value == null ? null : { sql, values: [value] };
}

function oneOf(column: string, values: readonly (string | number)[] | null | undefined): Condition | null {
  return values == null || values.length === 0 ? null : among(column, values);
}

/** One JSON value for the whole list: SQLite binds at most 32,766. */
function among(column: string, values: readonly (string | number)[]): Condition {
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] };
}

/** Articles by their ids; the id that one had before it was merged counts. */
function ofArticles(ids: readonly string[]): Condition {
  const list = JSON.stringify(ids);
  return {
    sql: `figure.article_id IN (SELECT value FROM json_each(?)
      UNION SELECT article_id FROM article_alias WHERE former_id IN (SELECT value FROM json_each(?)))`,
    values: [list, list],
  };
}

function withLabel(labels: readonly string[] | null | undefined): Condition | null {
  if (labels == null || labels.length === 0) return null;
  const { sql, values } = among('key', labels.map(valueKey));
  return { sql: `figure.seq IN (SELECT figure_seq FROM figure_label WHERE ${sql})`, values };
}

/** By what the shown classifier says of any of its panels. */
function ofClass(column: 'figure_type' | 'modality', names: readonly string[] | null | undefined): Condition | null {
  if (names == null || names.length === 0) return null;
  const { sql, values } = among(column, names.map(valueKey));
  const shown = `classifier = ${shownClassifier}`;
  return { sql: `figure.seq IN (SELECT figure_seq FROM panel_class WHERE ${shown} AND ${sql})`, values };
}

function inCollection(id: string): Condition {
  const members = `SELECT figure_seq FROM collection_item JOIN collection ON collection.seq = collection_seq`;
  return { sql: `figure.seq IN (${members} WHERE collection.id = ? AND deleted_at IS NULL)`, values: [id] };
}

/** By whatever segmenter, drawn as we draw now. A mask that covers nothing is none. */
const shownMask = `status = 'READY' AND area_pixels > 0 AND ${currentVersionCondition}`;
const foundMask = `found IS NOT FALSE`;

function withMask({ prompt, minAreaFraction, minPValue }: MaskFilter): Condition {
  const condition = allOf([
    { sql: `prompt = ? AND ${shownMask}`, values: [plainPrompt(prompt)] },
    compare(`area_fraction >= ?`, minAreaFraction) ?? everything,
    compare(`p_value >= ?`, minPValue) ?? { sql: foundMask, values: [] },
  ]);
  return ofMasks('mask', condition);
}

/** A mask of any prompt whose object was found, or where nothing tells: the index holds exactly these. */
export const withAnyMask: Condition = ofMasks('mask INDEXED BY mask_shown', {
  sql: `${shownMask} AND ${foundMask}`,
  values: [],
});

/** The same of one figure: quicker where only few are asked for. */
export const anyMaskOfFigure = `EXISTS (SELECT 1 FROM mask INDEXED BY mask_shown
  CROSS JOIN panel ON panel.figure_id = figure.id
    AND (panel.x, panel.y, panel.width, panel.height) = (mask.x, mask.y, mask.width, mask.height)
  WHERE mask.image_hash = figure.image_hash AND ${shownMask} AND ${foundMask})`;

/** Of a panel as it is: the picture may be in other figures with other panels. */
function ofMasks(masks: string, { sql, values }: Condition): Condition {
  // Joined in this order: the planner would go through all panels.
  return {
    sql: `figure.seq IN (SELECT masked.seq FROM ${masks}
      CROSS JOIN figure AS masked ON masked.image_hash = mask.image_hash
      CROSS JOIN panel ON panel.figure_id = masked.id
        AND (panel.x, panel.y, panel.width, panel.height) = (mask.x, mask.y, mask.width, mask.height)
      WHERE ${sql})`,
    values,
  };
}

/** Words count for the figure, whichever of its panels holds them. */
function withWords(condition: WordCondition): Condition {
  switch (condition.kind) {
    case 'figure':
      return { sql: 'figure.id = ?', values: [condition.id] };
    case 'not':
      return negated(withWords(condition.part));
    case 'all':
      return joined(condition.parts.map(withWords), 'AND');
    case 'any': {
      const leaves = condition.parts.filter(isLeaf);
      const others = condition.parts.filter((part) => !isLeaf(part));
      return joined([...(leaves.length === 0 ? [] : [holding(leaves)]), ...others.map(withWords)], 'OR');
    }
    case 'word':
    case 'phrase':
      return holding([condition]);
  }
}

/** Any of some words and phrases. */
function holding(leaves: readonly QueryLeaf[]): Condition {
  const expression = joinByOr(leaves.map(leafExpression));
  // Nothing is left of them that could be in a text.
  if (expression === null) return { sql: 'FALSE', values: [] };
  return {
    sql: `figure.id IN (SELECT panel.figure_id FROM panel_words
      JOIN panel ON panel.seq = panel_words.rowid WHERE panel_words MATCH ?)`,
    values: [expression],
  };
}

/** A figure without the value is among the others: in SQL its condition is neither true nor false. */
function negated({ sql, values }: Condition): Condition {
  return { sql: `(${sql}) IS NOT TRUE`, values };
}

function allOf(conditions: readonly Condition[]): Condition {
  return joined(conditions, 'AND');
}

function joined(conditions: readonly Condition[], operator: 'AND' | 'OR'): Condition {
  if (conditions.length === 0) return everything;
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(` ${operator} `)})`,
    values: conditions.flatMap(({ values }) => values),
  };
}
