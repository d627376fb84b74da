export type IngestState = 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';

/** Numbers of records. */
export interface IngestCounts {
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
}

/** A record that was not taken, and why. */
export interface IngestFault {
  readonly sourceKey: string;
  readonly code: string;
  readonly message: string;
}

/** Codes of what is no fault of a record: it was left out on purpose, and is listed. */
export const leftOutCodes = { file: 'LEFT_OUT', key: 'UNKNOWN_KEY', correction: 'CORRECTION_LEFT_OUT' } as const;

/** One ingest of one source. */
export interface IngestRun extends IngestCounts {
  readonly id: string;
  /** What was read: a path, or a fixed text. */
  readonly source: string;
  readonly state: IngestState;
  /** Files, folders and keys of the source that were left out on purpose. */
  readonly leftOut: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}
