import type { CollectionId, FigureId } from '../domain/ids.js';

/** What a map colors a figure by. */
export interface FigureAttribute {
  /** Number of the figure. */
  readonly number: number;
  readonly id: FigureId;
  readonly modality: string | null;
  /** The first of its labels. */
  readonly label: string | null;
  /** Of its article. */
  readonly year: number | null;
  /** The first collection that it is in, by their making. */
  readonly collectionId: CollectionId | null;
}

/** A few facts of many figures, read in bulk. */
export abstract class FigureAttributes {
  /** Figures by number. @param after number of the last one before; 0 for the first @param limit at least 1 */
  abstract list(after: number, limit: number): Promise<readonly FigureAttribute[]>;

  /** Captions by the numbers of their figures; figures without a caption are left out. */
  abstract captions(numbers: readonly number[]): Promise<ReadonlyMap<number, string>>;
}
