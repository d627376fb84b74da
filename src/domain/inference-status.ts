/** What ONNX Runtime computes with, by its own names. */
export type ProviderName = 'cuda' | 'tensorrt' | 'webgpu' | 'coreml' | 'dml' | 'cpu';

/** A provider that is not used, and why. */
export interface ProviderFailure {
  readonly provider: ProviderName;
  readonly reason: string;
}

/** Where the time of runs went, added up. */
export interface Timings {
  readonly inputs: number;
  /** Inside the child. */
  readonly workMs: number;
  /** The way to the child and back: serializing, copying, waking. */
  readonly copyMs: number;
}

/** How the process of a model is doing. */
export interface InferenceStatus {
  readonly ready: boolean;
  readonly provider: ProviderName | null;
  readonly failures: readonly ProviderFailure[];
  readonly restarts: number;
  readonly queued: number;
  readonly times: Timings;
}
