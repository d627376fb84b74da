import type { FigureWrite } from '../domain/figure-write.js';
import type { FigureId, ImageHash } from '../domain/ids.js';

/** Writes figures with their articles, panels, vectors and words. */
export abstract class FigureWriter {
  /**
   * Adds figures, or puts them in the place of those with the same id; all of them or none. An article that several records
   * name by different ids becomes one article. A figure that was deleted before returns to its collections.
   * @throws {FigseekError} CONFLICT where a figure of another source took the id meanwhile
   */
  abstract replace(figures: readonly FigureWrite[]): Promise<void>;

  /**
   * Deletes figures with all that belongs to them, and remembers their records: an ingest does not take them again.
   * @returns those that were there
   */
  abstract delete(ids: readonly string[]): Promise<readonly { readonly id: FigureId; readonly imageHash: ImageHash }[]>;
}
