import { licenseAllows, type FigureFilter, type MaskFilter } from '../../src/domain/figure-filter.js';
import { plainPrompt } from '../../src/domain/mask.js';
import { analyzeText } from '../../src/domain/text/analyze-text.js';
import { valueKey } from '../../src/domain/text/fold-text.js';
import type { WordCondition } from '../../src/domain/text/word-condition.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';

/** What a filter asks of a mask of the figure. */
export interface MaskPayload {
  readonly prompt: string;
  readonly found: boolean | null;
  readonly pValue: number | null;
  readonly areaPixels: number;
  readonly areaFraction: number;
}

/** What an engine with payloads would keep beside a vector, to filter by it. */
export interface FigurePayload {
  readonly id: string;
  /** By field; each as its terms with a blank around each. */
  readonly texts: Readonly<Record<'caption' | 'label' | 'title' | 'journal' | 'ids', string>>;
  readonly year: number | null;
  readonly retracted: boolean;
  readonly modality: string | null;
  readonly license: string | null;
  readonly journal: string | null;
  /** The id of its article, and those that the article had before it was merged. */
  readonly articleIds: readonly string[];
  readonly labels: readonly string[];
  readonly createdAt: number;
  /** What its panels are classified as. */
  readonly figureTypes: readonly string[];
  readonly predictedModalities: readonly string[];
  /** The ids of its collections. Null, here and in `masks`: not kept, so that a filter by them fails. */
  readonly collections: readonly string[] | null;
  readonly masks: readonly MaskPayload[] | null;
}

export function payloadOf({ figure, article }: Pick<FigureWrite, 'figure' | 'article'>): FigurePayload {
  return {
    id: figure.id,
    texts: {
      caption: termsOf(figure.caption),
      label: termsOf([figure.label ?? '', ...figure.labels].join(' ')),
      title: termsOf(article?.title ?? ''),
      journal: termsOf(article?.journal ?? ''),
      ids: ` ${[figure.sourceKey, article?.pmcid, article?.pmid, article?.doi].join(' ').toLowerCase()} `,
    },
    year: article?.year ?? null,
    retracted: article?.retracted ?? false,
    modality: keyOf(figure.modality),
    license: figure.license ?? article?.license ?? null,
    journal: keyOf(article?.journal ?? null),
    articleIds: article === null ? [] : [article.id],
    labels: figure.labels.map(valueKey),
    createdAt: figure.createdAt.getTime(),
    figureTypes: [],
    predictedModalities: [],
    collections: null,
    masks: null,
  };
}

/** A filter as a condition on payloads. */
export function toPayloadCondition(filter: FigureFilter): (payload: FigurePayload) => boolean {
  const own = ownCondition(filter);
  return (payload) => (filter.excludeRetracted === false || !payload.retracted) && own(payload);
}

function ownCondition(filter: FigureFilter): (payload: FigurePayload) => boolean {
  const and = (filter.and ?? []).map(ownCondition);
  const or = (filter.or ?? []).map(ownCondition);
  const not = filter.not == null ? null : ownCondition(filter.not);
  return (payload) =>
    isAtLeast(payload.year, filter.yearFrom) &&
    isAtLeast(filter.yearTo, payload.year, filter.yearTo == null) &&
    (isEmpty(filter.years) || (payload.year !== null && filter.years?.includes(payload.year) === true)) &&
    isOneOf(payload.modality, filter.modalities) &&
    hasOneOf(payload.figureTypes, filter.figureTypes) &&
    hasOneOf(payload.predictedModalities, filter.predictedModalities) &&
    isOneOf(keyOf(payload.license), filter.licenses) &&
    isOneOf(payload.journal, filter.journals) &&
    (isEmpty(filter.articleIds) || payload.articleIds.some((id) => filter.articleIds?.includes(id) === true)) &&
    hasOneOf(payload.labels, filter.labels) &&
    (filter.ingestedAfter == null || payload.createdAt > filter.ingestedAfter.getTime()) &&
    licenseAllows(payload.license, filter.reuse ?? 'ANY') &&
    (filter.collectionId == null || expectKept(payload.collections).includes(filter.collectionId)) &&
    (filter.hasMask == null || expectKept(payload.masks).some(maskCondition(filter.hasMask))) &&
    (filter.hasAnyMask == null || showsAnyMask(expectKept(payload.masks)) === filter.hasAnyMask) &&
    (filter.words == null || holdsWords(payload, filter.words)) &&
    and.every((condition) => condition(payload)) &&
    (or.length === 0 || or.some((condition) => condition(payload))) &&
    (not === null || !not(payload));
}

/** By whole words, without stemming. */
function holdsWords(payload: FigurePayload, condition: WordCondition): boolean {
  switch (condition.kind) {
    case 'figure':
      return payload.id === condition.id;
    case 'not':
      return !holdsWords(payload, condition.part);
    case 'all':
      return condition.parts.every((part) => holdsWords(payload, part));
    case 'any':
      return condition.parts.some((part) => holdsWords(payload, part));
    case 'word':
    case 'phrase': {
      const texts = Object.entries(payload.texts).flatMap(([field, text]) =>
        condition.field === null || condition.field === field ? [text] : [],
      );
      const wanted = condition.field === 'ids' ? ` ${condition.text.toLowerCase()} ` : termsOf(condition.text);
      return texts.some((text) => text.includes(wanted));
    }
  }
}

function termsOf(text: string): string {
  const terms = analyzeText(text).flatMap(({ words }) => words.flatMap((word) => word.terms));
  return ` ${terms.join(' ')} `;
}

/** A mask that covers nothing is none; without a limit of its p-value, one whose object was not found is none. */
function maskCondition({ prompt, minAreaFraction, minPValue }: MaskFilter): (mask: MaskPayload) => boolean {
  return (mask) =>
    mask.prompt === plainPrompt(prompt) &&
    mask.areaPixels > 0 &&
    mask.areaFraction >= (minAreaFraction ?? 0) &&
    (minPValue == null ? mask.found !== false : mask.pValue !== null && mask.pValue >= minPValue);
}

/** Whether one of a figure's masks covers something whose object was found, or where nothing tells. */
export function showsAnyMask(masks: readonly MaskPayload[]): boolean {
  return masks.some(({ areaPixels, found }) => areaPixels > 0 && found !== false);
}

function expectKept<T>(list: readonly T[] | null): readonly T[] {
  if (list === null) throw new Error('Expected no filter by collections or masks, which are not kept here');
  return list;
}

function isAtLeast(
  value: number | null | undefined,
  least: number | null | undefined,
  isFree = least == null,
): boolean {
  return isFree || (value != null && least != null && value >= least);
}

function isOneOf(value: string | null, allowed: readonly string[] | null | undefined): boolean {
  return isEmpty(allowed) || (value !== null && allowed?.map(valueKey).includes(value) === true);
}

function hasOneOf(values: readonly string[], allowed: readonly string[] | null | undefined): boolean {
  return isEmpty(allowed) || values.some((value) => isOneOf(value, allowed));
}

function isEmpty(list: readonly unknown[] | null | undefined): boolean {
  return list == null || list.length === 0;
}

function keyOf(value: string | null): string | null {
  return value === null ? null : valueKey(value);
}
