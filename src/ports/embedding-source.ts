import type { IndexedPanel, VectorKind } from '../domain/search.js';

/** The truth that indexes are made from. The database gives it; an index file may be deleted at any time. */
export interface EmbeddingSource {
  /** Vectors with `after < seq`, in the order of seq, at most `limit`. */
  scan(
    space: string,
    kind: VectorKind,
    after: number,
    limit: number,
  ): Promise<readonly { readonly seq: number; readonly vector: Float32Array }[]>;
  /** Vectors by label, those that exist, in any order. */
  getByIds(labels: readonly number[]): Promise<readonly Float32Array[]>;
  /** sha256 of the manifest of each generation that was made from this database, by its name. */
  publishedGenerations(space: string): Promise<ReadonlyMap<string, string>>;
  recordGeneration(space: string, generation: string, manifestHash: string): Promise<void>;
  /** The last label that this database ever gave, to a vector of any space. */
  lastAssignedSeq(): Promise<number>;
  lastSeq(space: string, kind: VectorKind): Promise<number>;
  count(space: string, kind: VectorKind): Promise<number>;
  /** Panels by the label of their vector of a kind; a label without one is a tombstone. */
  panelsBySeq(kind: VectorKind, labels: readonly number[]): Promise<ReadonlyMap<number, IndexedPanel>>;
}

const chunkRows = 1000;

/** All vectors after `after`, in chunks small enough that a scan of one never holds the event loop for long. */
export async function* vectorChunks(source: EmbeddingSource, space: string, kind: VectorKind, after = 0) {
  let last = after;
  for (;;) {
    const chunk = await source.scan(space, kind, last, chunkRows);
    const end = chunk.at(-1);
    if (end === undefined) return;
    yield chunk;
    last = end.seq;
  }
}
