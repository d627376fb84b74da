import type { Panel } from './figure.js';
import type { ImageHash } from './ids.js';
import type { VectorKind } from './search.js';

/** A vector of a panel that is to be stored. */
export interface NewEmbedding {
  readonly panelId: string;
  /** The version of the model that made it. */
  readonly space: string;
  readonly kind: VectorKind;
  readonly vector: Float32Array;
}

/** A vector made after its figure was stored, from what the figure was at this revision. */
export interface BackfilledEmbedding extends NewEmbedding {
  readonly revision: string;
}

/**
 * Tells one state of a figure's panels from the next.
 * @param correctedAt when a person corrected them; null: nobody did
 * @param editedAt when a person changed the figure, and with it its caption; null: nobody did
 */
export function revisionOf(recordHash: string, correctedAt: number | null, editedAt: number | null = null): string {
  const corrected = correctedAt === null ? recordHash : `${recordHash} ${correctedAt}`;
  return editedAt === null ? corrected : `${corrected} edited ${editedAt}`;
}

/** A panel without an image vector, with what it takes to make one. */
export interface UnembeddedPanel {
  /** The number of the panel; numbers only grow. */
  readonly seq: number;
  readonly panel: Panel;
  readonly sourceKey: string;
  readonly imageHash: ImageHash;
  /** Of the figure when it was read: another one later means that it was changed. */
  readonly revision: string;
}
