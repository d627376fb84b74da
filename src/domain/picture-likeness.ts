import type { Box } from './figure.js';

/** What was done to a picture that stands in two places. In a fixed order, by which they are stored as bits. */
export const pictureChanges = [
  'RESCALED',
  'MIRRORED',
  'ROTATED_90',
  'ROTATED_180',
  'ROTATED_270',
  'RECOLORED',
  'BRIGHTNESS',
  'BORDERED',
  'CROPPED',
  'PARTIAL',
  'EDITED',
] as const;

/**
 * A change of a picture. PARTIAL: a part of both is the same, and something else is around it. EDITED: something was drawn
 * on the common part, or erased from it.
 */
export type PictureChange = (typeof pictureChanges)[number];

/** What two pictures have in common, found by comparing their pixels. */
export interface PictureLikeness {
  /** 0..1: correlation of brightness in the common part, times the share of it that is equal. */
  readonly similarity: number;
  /** Empty for copies that differ by compression at most. */
  readonly changes: readonly PictureChange[];
  /** Whether both are one picture, shown alike: only such ones are shown once in an answer. */
  readonly isSame: boolean;
  /** The common part, in pixels of each image. */
  readonly boxes: readonly [first: Box, second: Box];
}

/** Where a place of one picture may lie in another one. */
export interface PictureGuess {
  /** x' = a·x + b·y + e, y' = c·x + d·y + f; in units of the longest side of each picture, from its upper left corner. */
  readonly placement: {
    readonly a: number;
    readonly b: number;
    readonly c: number;
    readonly d: number;
    readonly e: number;
    readonly f: number;
  };
  /** The part of the first picture that the guess was made from, in the same units. */
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** A feature of a stored picture, as the index of features finds it. */
export interface PictureCode {
  /** Number of the panel. */
  readonly panel: number;
  /** Which of its features. */
  readonly place: number;
  /** Leading and other bits of its hash. */
  readonly prefix: number;
  readonly rest: number;
}
