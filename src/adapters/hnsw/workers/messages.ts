import type { GraphParameters } from '../engine.js';

/** A graph file of a segment; its labels are the segment's row numbers. */
export interface GraphFile {
  readonly form: 'hnsw' | 'usearch';
  readonly file: string;
  /** Vectors inside. */
  readonly count: number;
}

/** What a worker opens: one kind's vectors of one generation. */
export interface SegmentFiles {
  readonly dimensions: number;
  /** Rows of the vector file. */
  readonly count: number;
  /** float32 [count, dimensions], little-endian. */
  readonly vectors: string;
  readonly graphs: readonly GraphFile[];
}

/** A filter: bit `row & 7` of byte `row >> 3` says whether the row may be found; null allows all. Shared memory, never copied. */
export type RowBits = Uint8Array<SharedArrayBuffer> | null;

/** Work of a worker. `queries` is float32 [n, dimensions], unit length; searches answer for all of them. */
export type Work =
  | { readonly kind: 'open'; readonly segment: number; readonly files: SegmentFiles }
  | { readonly kind: 'close'; readonly segment: number }
  | {
      readonly kind: 'search';
      readonly segment: number;
      readonly queries: Float32Array;
      readonly k: number;
      /** Size of the candidate list: more costs time and finds more. */
      readonly ef: number;
      readonly allowed: RowBits;
    }
  | {
      readonly kind: 'exact';
      readonly segment: number;
      readonly queries: Float32Array;
      readonly k: number;
      readonly allowed: RowBits;
    }
  /** Exact search of vectors in shared memory, the delta: `chunks` follow each other, `count` rows in all. */
  | {
      readonly kind: 'scan';
      readonly chunks: readonly Float32Array<SharedArrayBuffer>[];
      readonly count: number;
      readonly dimensions: number;
      readonly queries: Float32Array;
      readonly k: number;
      readonly allowed: RowBits;
    }
  /** Reads rows of a segment into `into`, float32 [rows.length, dimensions]. */
  | {
      readonly kind: 'read';
      readonly segment: number;
      readonly rows: Uint32Array;
      readonly into: Float32Array<SharedArrayBuffer>;
    }
  /** The cosine of each query with each row: `scores` is float32 [n, rows.length]. */
  | {
      readonly kind: 'score';
      readonly segment: number;
      readonly queries: Float32Array;
      readonly rows: Uint32Array;
    }
  /** Building. Workers that name the same `key` add to the same graph where the graph can be shared. */
  | {
      readonly kind: 'create';
      readonly segment: number;
      readonly key: string;
      readonly form: GraphFile['form'];
      readonly files: SegmentFiles;
      readonly capacity: number;
      readonly parameters: GraphParameters;
    }
  | { readonly kind: 'add'; readonly segment: number; readonly from: number; readonly to: number }
  | { readonly kind: 'save'; readonly segment: number; readonly file: string };

export interface Request {
  readonly id: number;
  readonly work: Work;
}

/** Neighbors of all queries one after the other, best first: the first `counts[0]` are the first query's. */
export interface Neighbors {
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly rows: Uint32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

export interface Reply {
  readonly id: number;
  readonly error?: string;
  readonly found: Neighbors | null;
}
