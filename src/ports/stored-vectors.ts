/** The vectors of a corpus by the model version that made them. */
export interface StoredVectors {
  /** Every model version that made vectors. */
  spaces(): Promise<readonly string[]>;

  /** Deletes the vectors of a version. @returns how many there were */
  deleteEmbeddings(space: string): Promise<number>;

  /** Deletes the indexes that were built from the vectors of a version; absent ones are no error. */
  deleteIndexes(space: string): Promise<void>;
}
