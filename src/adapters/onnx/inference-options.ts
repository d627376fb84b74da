import type { ProviderName } from '../../domain/inference-status.js';
import type { Answer, ModelFiles, Work } from './messages.js';

export interface InferenceOptions {
  readonly providers: readonly ProviderName[];
  readonly threads: number;
  /** Most inputs of one run. */
  readonly batch: number;
  /** Time limit of one run, and of an interactive input's wait in the queue. */
  readonly timeoutMs: number;
  /** Most inputs that may wait; interactive ones past it are refused, bulk ones wait. */
  readonly queue: number;
  /** The nice value of the child, 0..19: the higher it is, the more processor time other processes get. */
  readonly niceness?: number;
  /** The child is ended after so long without work, which frees its memory; it stays where this is absent. */
  readonly idleTimeoutMs?: number;
  /** Number of the GPU, where there are several; default 0. */
  readonly device?: number;
  /** Most megabytes of the GPU's memory that the child may take; 0, the default, for no limit. */
  readonly gpuMemory?: number;
  /** Called with a problem that does not stop the work, such as a GPU that is no longer used. */
  readonly onProblem?: (message: string) => void;
  /** The child's entry file; another one is used only in tests in which the child ends. */
  readonly entry?: string;
}

/** How the inputs of a kind of model become work, and answers become results. */
export interface ModelWork<Input, Result> {
  /** The package's name, for messages. */
  readonly name: string;
  readonly files: ModelFiles;
  /** Most inputs of a run that holds this one, where it is not the number in the options. */
  most?(input: Input): number;
  /** Inputs of one kind may share a run. */
  kindOf(input: Input): string;
  toWork(inputs: readonly Input[]): Work;
  /** The result of the input number `row` of a run of `count`. @throws {Error} the answer cannot be used */
  toResult(answer: Answer, row: number, count: number): Result;
}
