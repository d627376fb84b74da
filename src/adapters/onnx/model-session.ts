import type { Answer, RunWork } from './messages.js';
import type { RunnableGraph } from './onnx-graph.js';

/** A model whose graphs are open in the inference child. */
export interface ModelSession {
  /**
   * One small input through every graph, so that a broken provider shows itself now.
   * @returns what the model makes of it, like what it makes of it by any other provider
   */
  warmUp(): Promise<readonly Float32Array[]>;
  answer(work: RunWork): Promise<Answer>;
}

/** Opens a graph by the provider that is tried, or by the one that is named. */
export type OpenGraph = (file: string, by?: 'cpu') => Promise<RunnableGraph>;

/** @returns uint8 [size, size, 3], stripes that no other size repeats: a plain one would hide much */
export function warmUpPicture(size: number): Uint8Array {
  return Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 31) % 256);
}
