import type { GivenArticle } from './article.js';
import type { NewEmbedding } from './embedding.js';
import type { FigureEdits } from './figure-edit.js';
import type { Figure, Panel } from './figure.js';
import type { FigureId, ImageHash, PanelId } from './ids.js';

/** Panels with their vectors. */
export interface PanelsWrite {
  readonly panels: readonly Panel[];
  readonly embeddings: readonly NewEmbedding[];
  /** Signatures of the panels as pictures; those that are absent are made later, from the image file. */
  readonly signatures?: ReadonlyMap<PanelId, Uint8Array>;
}

/** A figure with everything that is stored and deleted together with it. */
export interface FigureWrite extends PanelsWrite {
  readonly article: GivenArticle | null;
  readonly figure: Figure;
  readonly recordHash: string;
  /**
   * When a person corrected the panels, as it was known when this was made (milliseconds); null: nobody had. The panels
   * are the person's where `figure.panelOrigin` says so; else the correction is given up.
   */
  readonly correctedAt?: number | null;
  /** What people changed, as it was known when this was made; the values of `figure` are theirs. Null: nobody changed it. */
  readonly edits?: FigureEdits | null;
  /** Whether the figure comes back where a person deleted it; default: it does. */
  readonly mayRestore?: boolean;
}

/** The panels that a person gave a figure, beside the whole. */
export interface CorrectionWrite extends PanelsWrite {
  readonly figureId: FigureId;
  /** Of the image in which the panels lie. */
  readonly imageHash: ImageHash;
}
