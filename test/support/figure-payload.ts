import { licenseAllows, type FigureFilter } from '../../src/domain/figure-filter.js';
import { valueKey } from '../../src/domain/text/fold-text.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';

/** What an engine with payloads would keep beside a vector, to filter by it. */
export interface FigurePayload {
  readonly year: number | null;
  readonly retracted: boolean;
  readonly modality: string | null;
  readonly license: string | null;
  readonly journal: string | null;
  readonly articleId: string | null;
  readonly labels: readonly string[];
  readonly createdAt: number;
}

export function payloadOf({ figure, article }: FigureWrite): FigurePayload {
  return {
    year: article?.year ?? null,
    retracted: article?.retracted ?? false,
    modality: keyOf(figure.modality),
    license: figure.license ?? article?.license ?? null,
    journal: keyOf(article?.journal ?? null),
    articleId: article?.id ?? null,
    labels: figure.labels.map(valueKey),
    createdAt: figure.createdAt.getTime(),
  };
}

/** A filter as a condition on payloads. Collections and masks are not part of them. */
export function toPayloadCondition(filter: FigureFilter): (payload: FigurePayload) => boolean {
  const own = ownCondition(filter);
  return (payload) => (filter.excludeRetracted === false || !payload.retracted) && own(payload);
}

function ownCondition(filter: FigureFilter): (payload: FigurePayload) => boolean {
  if (filter.collectionId != null || filter.hasMask != null) throw new Error('Expected a filter by payload only');
  const and = (filter.and ?? []).map(ownCondition);
  const or = (filter.or ?? []).map(ownCondition);
  const not = filter.not == null ? null : ownCondition(filter.not);
  return (payload) =>
    isAtLeast(payload.year, filter.yearFrom) &&
    isAtLeast(filter.yearTo, payload.year, filter.yearTo == null) &&
    isOneOf(payload.modality, filter.modalities) &&
    isOneOf(keyOf(payload.license), filter.licenses) &&
    isOneOf(payload.journal, filter.journals) &&
    (isEmpty(filter.articleIds) || filter.articleIds?.includes(payload.articleId ?? '') === true) &&
    (isEmpty(filter.labels) || payload.labels.some((label) => isOneOf(label, filter.labels))) &&
    (filter.ingestedAfter == null || payload.createdAt > filter.ingestedAfter.getTime()) &&
    licenseAllows(payload.license, filter.reuse ?? 'ANY') &&
    and.every((condition) => condition(payload)) &&
    (or.length === 0 || or.some((condition) => condition(payload))) &&
    (not === null || !not(payload));
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

function isEmpty(list: readonly string[] | null | undefined): boolean {
  return list == null || list.length === 0;
}

function keyOf(value: string | null): string | null {
  return value === null ? null : valueKey(value);
}
