import type { CorrectionWrite, FigureWrite } from '../domain/figure-write.js';
import type { FigureId, ImageHash } from '../domain/ids.js';

/** Writes figures with their articles, panels, vectors and words. */
export abstract class FigureWriter {
  /**
   * Adds figures, or puts them in the place of those with the same id; all of them or none. An article that several records
   * name by different ids becomes one article. A figure that was deleted before returns to its collections.
   * @returns those that were passed over, since a person changed them, corrected their panels, gave a correction up, or deleted them after
   *   they were read
   * @throws {FigseekError} CONFLICT where a figure of another source took the id meanwhile
   */
  abstract replace(figures: readonly FigureWrite[]): Promise<readonly FigureId[]>;

  /**
   * Puts panels in the place of those that a figure has beside the whole, as a person's correction.
   * @throws {FigseekError} NOT_FOUND; CONFLICT where the figure has another image meanwhile
   */
  abstract correctPanels(correction: CorrectionWrite): Promise<void>;

  /** Gives up a correction: the next ingest takes the record as if it were new. @throws {FigseekError} NOT_FOUND */
  abstract releasePanels(id: string): Promise<void>;

  /**
   * Deletes figures with all that belongs to them, and remembers their collections.
   * @param by `person` (default): an ingest does not take their records again; `prune`: it does, where the source has them again
   * @returns those that were there
   */
  abstract delete(
    ids: readonly string[],
    by?: 'person' | 'prune',
  ): Promise<readonly { readonly id: FigureId; readonly imageHash: ImageHash }[]>;
}
