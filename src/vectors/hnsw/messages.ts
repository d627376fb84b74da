/** What crosses between the server and one HNSW worker. */
export type HnswWork =
  | {
      readonly kind: 'create';
      readonly dimensions: number;
      readonly capacity: number;
      readonly parameters: HnswParameters;
    }
  /** float32 [seqs.length, dimensions] */
  | { readonly kind: 'add'; readonly seqs: Uint32Array; readonly vectors: Float32Array }
  | { readonly kind: 'write'; readonly file: string }
  | { readonly kind: 'open'; readonly file: string; readonly dimensions: number; readonly count: number }
  | { readonly kind: 'search'; readonly vector: Float32Array; readonly k: number; readonly ef: number };

export interface HnswParameters {
  /** Links a node; 16 is what the measurements of design/vectors.md were made with. */
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
}

export interface HnswRequest {
  readonly id: number;
  readonly work: HnswWork;
}

export interface HnswReply {
  readonly id: number;
  readonly error?: string;
  readonly seqs: Uint32Array;
  readonly scores: Float32Array;
}
