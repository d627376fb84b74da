import type { ErrorCode } from '../../domain/errors.js';
import type { JobStep, ModelJobResult, ModelTask } from '../../domain/model-job.js';
import type { Config } from '../config.js';

/** What a background process does: a task with a model package, or the ingest of one source. */
export type Work =
  | { readonly kind: 'MODEL'; readonly task: ModelTask }
  | {
      readonly kind: 'INGEST';
      /** A file, a folder, or an article as `pmc:PMC8253867`. */
      readonly source: string;
      /** One of the formats of `openSource`. */
      readonly format: string;
      /** The source that the records belong to; null: the one that the path had before, or its name. */
      readonly sourceName: string | null;
    };

/** The first message to a background process. */
export interface Order {
  readonly config: Config;
  readonly work: Work;
}

/** A later message to it: it ends with what is in hand. */
export const cancelMessage = 'cancel';

/** What a background process tells of its work; the last one is `done` or `failed`. */
export type Report =
  | { readonly kind: 'told'; readonly line: string }
  | { readonly kind: 'step'; readonly step: JobStep | null }
  /** An ingest was noted in the database. */
  | { readonly kind: 'begun'; readonly runId: string }
  | { readonly kind: 'done'; readonly result: ModelJobResult | null }
  /** @see FigseekError; the code is null where nobody expected it */
  | { readonly kind: 'failed'; readonly code: ErrorCode | null; readonly message: string };
