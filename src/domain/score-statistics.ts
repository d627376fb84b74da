/** What the vectors of one kind look like: where they lie, and some of them. */
export interface ScoreStatistics {
  /** Mean of all vectors. */
  readonly mean: Float32Array;
  /** Vectors spread evenly over the corpus. */
  readonly sample: readonly Float32Array[];
}
