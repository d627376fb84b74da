import type { FigureChange, FigureEdit, FigureEdits } from '../domain/figure-edit.js';
import type { PanelsWrite } from '../domain/figure-write.js';
import type { FigureId, ImageHash } from '../domain/ids.js';
import type { SeqPage } from '../domain/page.js';

/** A change that is to be stored. */
export interface EditWrite {
  readonly figureId: FigureId;
  /** Of the figure as it was known when this was made. */
  readonly imageHash: ImageHash;
  /** When the figure was changed last, as it was known when this was made; null: never. */
  readonly seenAt: number | null;
  readonly change: FigureChange;
  /** Whether the fields are given back to their record; the values are the record's. */
  readonly isRelease: boolean;
  readonly editor: string;
  /** The whole figure as a panel, with its new caption and its vectors; null where the caption stays. */
  readonly whole: PanelsWrite | null;
}

/** What people change of figures, with its history. It stays when a record is read again, and goes with the figure. */
export abstract class FigureEditStore {
  /** Null where nobody ever changed the figure, or where it is absent. */
  abstract current(figureId: string): Promise<FigureEdits | null>;

  /**
   * Changes a figure: what is shown, what is searched, and the history.
   * @throws {FigseekError} NOT_FOUND; CONFLICT where it was changed or was given another image after it was looked at
   */
  abstract apply(write: EditWrite): Promise<void>;

  /** Changes in the order in which they were made. @param after number of the last one before; 0 for the first page */
  abstract history(figureId: string, after: number, first: number): Promise<SeqPage<FigureEdit>>;
}
