import type { VectorIndex } from '../ports/vector-index.js';

/** The model that serves: its version and its index. */
export interface ServingSpace {
  readonly version: string;
  readonly index: Pick<VectorIndex, 'search' | 'generation'>;
}
