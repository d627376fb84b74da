import type { ModelCheck } from './model-check.js';
import type { Precision } from './precision.js';
import type { RetrievalComparison } from './retrieval-comparison.js';

/** What can be done with a model package while the server goes on. `model` is the name of a package, of PULL that of a known model. */
export type ModelTask =
  | { readonly kind: 'PULL'; readonly model: string; readonly precision: Precision }
  | { readonly kind: 'VERIFY'; readonly model: string }
  | { readonly kind: 'USE'; readonly model: string; readonly force: boolean }
  | { readonly kind: 'COMPARE'; readonly model: string; readonly against: string };

export type ModelJobState = 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';

/** How far a part of a job is. */
export interface JobStep {
  readonly what: string;
  readonly done: number;
  /** Null where nobody knows. */
  readonly total: number | null;
  readonly unit: 'items' | 'bytes';
}

/** What a job gave in the end. */
export interface ModelJobResult {
  /** Of VERIFY: what was checked. */
  readonly findings: readonly ModelCheck[];
  /** Of COMPARE; null for the others, and where the corpus has too few figures. */
  readonly comparison: RetrievalComparison | null;
}

/** One task with a model package, as it stands. */
export interface ModelJob extends ModelJobResult {
  readonly id: string;
  readonly task: ModelTask;
  readonly state: ModelJobState;
  /** The part in hand; null between two parts and after the end. */
  readonly step: JobStep | null;
  /** What a person needs to know, in the order in which it was told. */
  readonly notes: readonly string[];
  /** Why it is FAILED; null where it is not. */
  readonly failure: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}
