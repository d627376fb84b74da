import type { SourceItem } from './figure-record.js';
import type { TrueMask } from './labeled-record.js';

/** Public sets that are read in the layout in which they are published (docs/evaluation.md). */
export const publicSetNames = [
  ...(['pmc-split', 'rocov2', 'pcam', 'lc25000', 'rsna-pneumonia', 'biomedparse-test'] as const),
] as const;
export type PublicSetName = (typeof publicSetNames)[number];

/** Parts that sets are published in. */
export type SetSplit = 'test' | 'valid' | 'train';

/** How much of a set is read. */
export interface SetRequest {
  /** Null for the test part, where the set has parts. */
  readonly split: SetSplit | null;
  /** At most so many records, evenly spread over the part; null for all. */
  readonly limit: number | null;
}

/** A record with the true masks of objects in it. */
export interface MaskedRecord {
  readonly record: { readonly id: string; readonly modality?: string | null | undefined };
  /** What images of one patient or article share. */
  readonly group: string;
  readonly masks: readonly TrueMask[];
  readonly readImage: () => Promise<Uint8Array>;
}

interface OpenedPart {
  /** The files and folders that are read, relative to the folder of the set. */
  readonly layout: string;
  /** Null where the set is not published in parts. */
  readonly split: SetSplit | null;
  /** How many records the part has. */
  readonly total: number;
}

/** Images with captions or labels, which come one by one. */
export interface OpenedImages extends OpenedPart {
  readonly kind: 'images';
  readonly items: AsyncIterable<SourceItem>;
  /** What records of one article share, by their id. */
  readonly groupOf: (id: string) => string;
}

/** Images with true masks. */
export interface OpenedMasks extends OpenedPart {
  readonly kind: 'masks';
  readonly records: readonly MaskedRecord[];
  readonly readFile: (file: string) => Promise<Uint8Array>;
}

export type OpenedSet = OpenedImages | OpenedMasks;
