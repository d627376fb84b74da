import type { Box } from '../domain/figure.js';
import type { FigureId, ImageHash, PanelId } from '../domain/ids.js';
import type { PictureCode, PictureLikeness } from '../domain/picture-likeness.js';

/** A panel as a picture. */
export interface StoredPicture {
  /** Number of the panel; never given twice. */
  readonly number: number;
  readonly panelId: PanelId;
  readonly figureId: FigureId;
  readonly imageHash: ImageHash;
  /** Pixels of the image. */
  readonly box: Box;
}

export interface SignedPicture extends StoredPicture {
  /** As `signatureToBytes` writes it. */
  readonly signature: Uint8Array;
}

/** What a picture is, beside another one. */
export interface PictureMatch extends PictureLikeness {
  /** Number of the other panel. */
  readonly other: number;
}

/** Two panels with something in common, as seen from the first. */
export interface StoredMatch extends PictureLikeness {
  readonly panelId: PanelId;
  readonly other: { readonly panelId: PanelId; readonly figureId: FigureId };
}

/** How many pictures wait: for a signature, then for being compared with all others. */
export interface PendingPictures {
  readonly unsigned: number;
  readonly uncompared: number;
}

/**
 * Signatures of pictures and what pictures have in common. Each panel waits for its signature (unless it was stored with
 * one), is then compared with all that were compared before it, and belongs to a group of figures that show the same picture.
 */
export abstract class PictureStore {
  /** @param after of panels with a greater number alone; default: of all */
  abstract pending(after?: number): Promise<PendingPictures>;

  /**
   * Panels without a signature, in the order of their numbers. Those of one image follow one another.
   * @param after only panels with a greater number
   */
  abstract listUnsigned(limit: number, after?: number): Promise<readonly StoredPicture[]>;

  /**
   * Keeps signatures; their pictures then wait for being compared, again where they had been.
   * @param signatures null where the picture cannot be read: it is not asked for again
   */
  abstract sign(
    signatures: readonly { readonly number: number; readonly signature: Uint8Array | null }[],
  ): Promise<void>;

  /** Panels with a signature that were not compared yet, as `listUnsigned` gives them. */
  abstract listUncompared(limit: number, after?: number): Promise<readonly SignedPicture[]>;

  /** Features under some prefixes of pictures that were compared, and of other figures. */
  abstract findCodes(prefixes: readonly number[], ofOthersThan: FigureId): Promise<readonly PictureCode[]>;

  /** Those of the panels that are still there. */
  abstract picturesOf(numbers: readonly number[]): Promise<readonly SignedPicture[]>;

  /** Numbers of the whole figures that are anchors of the groups of those of the panels that are whole figures. */
  abstract anchorsOf(numbers: readonly number[]): Promise<readonly number[]>;

  /**
   * Keeps what a panel has in common with others, and counts it as compared. A whole figure joins the group of the first
   * figure (its anchor) that shows the same picture: every member is the same as its anchor, whatever the members are to
   * each other. A panel that was deleted meanwhile is passed over.
   */
  abstract record(number: number, matches: readonly PictureMatch[]): Promise<void>;

  /** What the panels of a figure have in common with panels of other figures, the most alike first. */
  abstract matchesOf(figureId: FigureId): Promise<readonly StoredMatch[]>;

  /** Pairs of figures with something in common, by the numbers of their panels; behind a pair, at most so many. */
  abstract listMatches(after: readonly [first: number, second: number], limit: number): Promise<readonly ListedMatch[]>;
}

/** A match as a list of all of them gives it. */
export interface ListedMatch extends StoredMatch {
  readonly numbers: readonly [first: number, second: number];
  readonly figureId: FigureId;
}
