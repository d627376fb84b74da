/** Points with their nearest neighbors. */
export interface NeighborGraph {
  readonly count: number;
  /** Neighbors of each point, at least 1 and less than `count`. */
  readonly k: number;
  /** int32 [count, k]: other points, the nearest first, none twice in a row. */
  readonly neighbors: Int32Array<ArrayBuffer>;
  /** float32 [count, k]: their distances, 0..2 (1 − cosine), ascending. */
  readonly distances: Float32Array<ArrayBuffer>;
}

export interface LayoutOptions {
  /** Told the share that is done, 0..1. */
  readonly onProgress: (share: number) => void;
  /** Ends the work, which then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** Lays points out in the plane so that neighbors lie together. */
export abstract class MapLayout {
  /**
   * @param graph at least two points; its arrays are handed over and cannot be read afterwards
   * @returns float32 [count, 2], in no particular scale
   * @throws {FigseekError} INTERNAL_SERVER_ERROR where the points could not be laid out
   */
  abstract layOut(graph: NeighborGraph, options: LayoutOptions): Promise<Float32Array>;
}
