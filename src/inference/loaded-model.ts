import type { Answer, RunWork } from './messages.js';
import type { RunnableGraph } from './onnx-graph.js';

/** A model whose graphs are open in the inference child. */
export interface LoadedModel {
  /** One small input through every graph, so that a broken provider shows itself now. */
  warmUp(): Promise<void>;
  answer(work: RunWork): Promise<Answer>;
}

/** Opens a graph by the provider that is tried, or by the one that is named. */
export type OpenGraph = (file: string, by?: 'cpu') => Promise<RunnableGraph>;
