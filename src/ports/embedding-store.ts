import type { BackfilledEmbedding, UnembeddedPanel } from '../domain/embedding.js';
import type { PanelId } from '../domain/ids.js';
import type { VectorKind } from '../domain/search.js';

/** The vectors of panels, by the version of the model that made them (their space). */
export abstract class EmbeddingStore {
  /** Adds vectors to panels that exist; those of a figure that was changed or deleted meanwhile are passed over. */
  abstract add(embeddings: readonly BackfilledEmbedding[]): Promise<void>;

  /** Panels that have no image vector in `space`, by number, after number `seq`. */
  abstract listPanelsMissingEmbedding(space: string, seq: number, limit: number): Promise<readonly UnembeddedPanel[]>;

  abstract countPanelsMissingEmbedding(space: string): Promise<number>;

  abstract vectorOfPanel(panelId: string, space: string, kind: VectorKind): Promise<Float32Array | null>;

  /** Of those panels that have one in this space. */
  abstract imageVectorsOfPanels(ids: readonly string[], space: string): Promise<ReadonlyMap<PanelId, Float32Array>>;

  /**
   * Image vectors of whole figures, chosen evenly over all of a space, in the order of their coming; the same ones as long as
   * no vector comes or goes.
   * @param count so many at most
   */
  abstract sampleImageVectors(space: string, count: number): Promise<ReadonlyMap<PanelId, Float32Array>>;

  /** Every model version that made vectors. */
  abstract spaces(): Promise<readonly string[]>;

  /** Deletes the vectors of a space, a part at a time, so that no other writer waits for long. @returns how many */
  abstract deleteSpace(space: string): Promise<number>;
}
