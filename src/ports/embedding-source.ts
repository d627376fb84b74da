import type { CorpusState } from '../domain/corpus-state.js';
import type { VectorKind } from '../domain/search.js';

/** A vector with its label (`seq`, which is never given twice) and the number of its panel. */
export interface StoredVector {
  readonly seq: number;
  readonly panel: number;
  readonly vector: Float32Array;
}

/** The truth that indexes are made from. The database gives it; an index file may be deleted at any time. */
export interface EmbeddingSource {
  corpusState(): Promise<CorpusState>;
  /** Vectors with `after < seq`, in the order of seq, at most `limit`. */
  scan(space: string, kind: VectorKind, after: number, limit: number): Promise<readonly StoredVector[]>;
  /** The number of the panel of each vector with `after < seq`, in the order of seq, at most `limit`. */
  scanPanels(
    space: string,
    kind: VectorKind,
    after: number,
    limit: number,
  ): Promise<readonly Omit<StoredVector, 'vector'>[]>;
  /** sha256 of the manifest of each generation that was made from this database, by its name. */
  publishedGenerations(space: string): Promise<ReadonlyMap<string, string>>;
  recordGeneration(space: string, generation: string, manifestHash: string): Promise<void>;
  /** The last label of a kind in a space; 0 where there is none. */
  lastSeq(space: string, kind: VectorKind): Promise<number>;
  count(space: string, kind: VectorKind): Promise<number>;
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
