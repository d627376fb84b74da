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

/** A vector made after its figure was stored, from what the record with this hash held. */
export interface BackfilledEmbedding extends NewEmbedding {
  readonly recordHash: string;
}

/** A panel without an image vector, with what it takes to make one. */
export interface UnembeddedPanel {
  /** The number of the panel; numbers only grow. */
  readonly seq: number;
  readonly panel: Panel;
  readonly sourceKey: string;
  readonly imageHash: ImageHash;
  /** Of the record when it was read: another hash later means that the figure was changed. */
  readonly recordHash: string;
}
