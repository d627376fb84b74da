import type { CorpusState } from '../domain/corpus-state.js';
import type { FigureScope } from '../domain/figure-scope.js';
import type { PanelId } from '../domain/ids.js';
import type { ScoreStatistics } from '../domain/score-statistics.js';
import type { IndexedPanel, RankedPanel, VectorKind } from '../domain/search.js';

export interface VectorQuery {
  readonly k: number;
  /** Compare with every vector in place of the approximate index. */
  readonly exact?: boolean;
  /** Which figures may be found; null or absent: all. */
  readonly scope?: FigureScope | null;
  /** What was committed up to here can be found; absent: up to now. */
  readonly asOf?: CorpusState;
  /** A search that was cancelled before its turn costs nothing. */
  readonly signal?: AbortSignal | undefined;
}

export interface VectorAnswer {
  /** Best first; the score is the cosine. */
  readonly panels: readonly (IndexedPanel & RankedPanel)[];
  /** Whether every vector that the scope allows was compared. */
  readonly exact: boolean;
}

export interface VectorIndexStatus {
  readonly generation: string | null;
  readonly engine: string;
  /** Share of the true ten nearest that the index finds; null where it was not measured. */
  readonly recall: number | null;
  /** Panels with an image vector. */
  readonly indexed: number;
  /** Of those, the ones that came after the last build. */
  readonly delta: number;
}

/** A panel's own vectors; null where it has none of a kind. */
export type PanelVectors = Readonly<Record<VectorKind, Float32Array | null>>;

/**
 * The vectors of all panels by one model. All methods throw a FigseekError INDEX_UNAVAILABLE where the index cannot be
 * asked. Panels that are not in the index, or were deleted, are left out of every answer.
 */
export abstract class VectorIndex {
  /** @param vector unit length @throws {FigseekError} BAD_USER_INPUT for a vector that is not of this space */
  abstract search(kind: VectorKind, vector: Float32Array, query: VectorQuery): Promise<VectorAnswer>;

  /**
   * Scores of given candidates.
   * @param vectors unit length
   * @returns for each panel that has a vector of the kind, its cosine with each of the vectors
   */
  abstract score(
    kind: VectorKind,
    vectors: readonly Float32Array[],
    panels: readonly PanelId[],
  ): Promise<ReadonlyMap<PanelId, Float32Array>>;

  /** @param asOf what was committed up to here is known; absent: up to now */
  abstract vectorsOf(panelId: PanelId, asOf?: CorpusState): Promise<PanelVectors>;

  /** Those of the panels that have a vector of a kind. */
  abstract panelsWith(kind: VectorKind, panels: readonly PanelId[]): Promise<ReadonlySet<PanelId>>;

  /** What the vectors of a kind look like, for calibration; null where there are none. */
  abstract scoreStatistics(kind: VectorKind): Promise<ScoreStatistics | null>;

  /** Name of the state of the index that answers; null where it has none. */
  abstract generation(): Promise<string | null>;

  abstract status(): Promise<VectorIndexStatus>;

  /** Builds where there is nothing to serve yet, or where too much has come or gone since; true when it built. */
  abstract ensureBuilt(): Promise<boolean>;
}
