/** What the figures of an answer are counted by. */
export type FacetField = 'modality' | 'year' | 'license' | 'journal' | 'label';

export interface FacetCount {
  /** As most of the figures write it. */
  readonly value: string;
  /** By which values are compared. */
  readonly key: string;
  readonly count: number;
}
