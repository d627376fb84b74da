import type { FigureFilter } from './figure-filter.js';

/** What the figures of an answer are counted by. `hasAnyMask` has the values "true" and "false". */
export type FacetField =
  'modality' | 'year' | 'license' | 'journal' | 'label' | 'hasAnyMask' | 'figureType' | 'predictedModality';

export const facetFields: readonly FacetField[] = [
  ...(['modality', 'year', 'license', 'journal', 'label', 'hasAnyMask'] as const),
  ...(['figureType', 'predictedModality'] as const),
];

/** Most values of a facet that are given. */
export const maxFacetValues = 50;

export interface FacetCount {
  /** As most of the figures write it. */
  readonly value: string;
  /** By which values are compared. */
  readonly key: string;
  readonly count: number;
}

/** The parts of a filter that choose values of a field. */
const filterParts: Readonly<Record<FacetField, readonly (keyof FigureFilter)[]>> = {
  modality: ['modalities'],
  year: ['yearFrom', 'yearTo', 'years'],
  license: ['licenses'],
  journal: ['journals'],
  label: ['labels'],
  hasAnyMask: ['hasAnyMask'],
  figureType: ['figureTypes'],
  predictedModality: ['predictedModalities'],
};

/**
 * A filter without its own part for a field: what else could be chosen has to be counted, too.
 * @returns null where it has no such part
 */
export function filterForFacet(filter: FigureFilter | null, field: FacetField): FigureFilter | null {
  if (filter === null || filterParts[field].every((part) => filter[part] == null)) return null;
  return { ...filter, ...Object.fromEntries(filterParts[field].map((part) => [part, null])) };
}
