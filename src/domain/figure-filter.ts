import { FigseekError } from './errors.js';
import { figureTypes, modalityNames } from './figure-classes.js';
import { validatePrompt } from './mask.js';
import { valueKey } from './text/fold-text.js';
import type { WordCondition } from './text/word-condition.js';

/** A use that a license has to allow. */
export type Reuse = 'ANY' | 'COMMERCIAL' | 'DERIVATIVES' | 'COMMERCIAL_DERIVATIVES';

/** A mask of a prompt that a figure must have. */
export interface MaskFilter {
  readonly prompt: string;
  /** Of its panel, 0..1. */
  readonly minAreaFraction?: number | null;
  /** Without it a mask counts where its object was found, or where nothing tells. */
  readonly minPValue?: number | null;
}

/** Which figures may be found. All conditions must hold; of a list, any value may; an empty list is no condition. */
export interface FigureFilter {
  readonly yearFrom?: number | null;
  readonly yearTo?: number | null;
  /** Beside `yearFrom` and `yearTo`, which hold as well. */
  readonly years?: readonly number[] | null;
  readonly modalities?: readonly string[] | null;
  /** A figure has the types of its panels, and is compound where it has panels; where not, the type of the whole. */
  readonly figureTypes?: readonly string[] | null;
  /** What a classifier says of its panels, beside the modality of its record. */
  readonly predictedModalities?: readonly string[] | null;
  readonly licenses?: readonly string[] | null;
  readonly journals?: readonly string[] | null;
  readonly labels?: readonly string[] | null;
  readonly articleIds?: readonly string[] | null;
  /** Only the members of this collection. */
  readonly collectionId?: string | null;
  readonly reuse?: Reuse | null;
  /** Counts at the top level only, where it is on by default. */
  readonly excludeRetracted?: boolean | null;
  readonly hasMask?: MaskFilter | null;
  /** Whether the figure has a mask of any prompt whose object was found, or where nothing tells; null: both. */
  readonly hasAnyMask?: boolean | null;
  readonly ingestedAfter?: Date | null;
  /** What its words have to hold. A search sets it from its text; no client can. */
  readonly words?: WordCondition | null;
  readonly and?: readonly FigureFilter[] | null;
  readonly or?: readonly FigureFilter[] | null;
  readonly not?: FigureFilter | null;
}

const deepest = 6;
const maxParts = 64;
const maxValues = 1000;
/** Parts whose values are from a closed list. */
const classParts = ['figureTypes', 'predictedModalities'] as const;

/**
 * Checks a filter before it becomes SQL.
 * @throws {FigseekError} BAD_USER_INPUT saying what was expected
 */
export function validateFilter(filter: FigureFilter): FigureFilter {
  let parts = 0;
  const check = (part: FigureFilter, depth: number): void => {
    parts++;
    if (depth > deepest) refuse(`a filter at most ${deepest} levels deep`, `more`);
    if (parts > maxParts) refuse(`a filter of at most ${maxParts} parts`, `more`);
    if (part.yearFrom != null && part.yearTo != null && part.yearFrom > part.yearTo) {
      refuse('yearFrom to be at most yearTo', `${part.yearFrom} and ${part.yearTo}`);
    }
    for (const name of [
      'years',
      'modalities',
      'licenses',
      'journals',
      'labels',
      'articleIds',
      ...classParts,
    ] as const) {
      const length = part[name]?.length ?? 0;
      if (length > maxValues) refuse(`at most ${maxValues} values in ${name}`, `${length}`);
    }
    if (Number.isNaN(part.ingestedAfter?.getTime()))
      refuse('ingestedAfter to be a date and time (ISO 8601)', 'another text');
    expectKnown('figureTypes', part.figureTypes, figureTypes);
    expectKnown('predictedModalities', part.predictedModalities, modalityNames);
    if (part.hasMask) checkMask(part.hasMask);
    for (const inner of partsOf(part)) check(inner, depth + 1);
  };
  check(filter, 1);
  return filter;
}

/** Whether which figures are allowed depends on what collections hold. */
export function asksForCollection(filter: FigureFilter): boolean {
  return filter.collectionId != null || partsOf(filter).some(asksForCollection);
}

/** Whether which figures are allowed depends on what masks there are. */
export function asksForMask(filter: FigureFilter): boolean {
  return filter.hasMask != null || filter.hasAnyMask != null || partsOf(filter).some(asksForMask);
}

function partsOf(filter: FigureFilter): readonly FigureFilter[] {
  return [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not ? [filter.not] : [])];
}

/** @throws {FigseekError} BAD_USER_INPUT where a value is not one of the list */
function expectKnown(
  name: (typeof classParts)[number],
  values: readonly string[] | null | undefined,
  known: readonly string[],
): void {
  const other = values?.find((value) => !known.includes(valueKey(value)));
  if (other !== undefined) refuse(`${name} among ${known.join(', ')}`, other.slice(0, 60));
}

function checkMask(mask: MaskFilter): void {
  validatePrompt(mask.prompt);
  for (const name of ['minAreaFraction', 'minPValue'] as const) {
    const value = mask[name] ?? 0;
    if (!(value >= 0 && value <= 1)) refuse(`${name} to be from 0 to 1`, `${value}`);
  }
}

function refuse(expected: string, received: string): never {
  throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but received ${received}`);
}

/**
 * What a license allows. Only licenses that are known to allow a use do; an unknown or absent one allows nothing.
 * Source: the Creative Commons license elements (NC: no commercial use, ND: no derivatives).
 */
export function licenseAllows(license: string | null, reuse: Reuse): boolean {
  if (reuse === 'ANY') return true;
  const text = (license ?? '').toUpperCase().replace(/[_\s\p{Pd}\u2212]+/gu, ' ');
  const open =
    /\bCC ?BY\b|\bCC ?0\b|\bPUBLIC DOMAIN\b|\bPDM\b|\bMIT\b|\bAPACHE\b|\bBSD\b|CREATIVE COMMONS ATTRIBUTION|CREATIVECOMMONS\.ORG\/(?:LICENSES|PUBLICDOMAIN)/;
  if (!open.test(text) || /ALL RIGHTS RESERVED|^NOT /.test(text)) return false;
  const commercial = !/\bNC(?![A-Z])|NON ?COMMERCIAL/.test(text);
  const derivatives = !/\bND(?![A-Z])|NO ?DERIV/.test(text);
  if (reuse === 'COMMERCIAL') return commercial;
  if (reuse === 'DERIVATIVES') return derivatives;
  return commercial && derivatives;
}
