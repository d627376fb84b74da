export type IngestState = 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';

/** Numbers of records. */
export interface IngestCounts {
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Figures whose records the source has no more, and which were removed for that. */
  readonly removed: number;
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
  /** FAILED also where the process that ran it is gone. */
  readonly state: IngestState;
  /** Why it is FAILED, for a person; null where it is not, or where nobody knows. */
  readonly failure: string | null;
  /** Records of the source; null where nobody counted them. */
  readonly total: number | null;
  /** Files, folders and keys of the source that were left out on purpose. */
  readonly leftOut: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** A process that was not heard of for so long is gone. */
export const lostAfterMs = 60_000;

/** Why a run FAILED whose process is gone. */
export const lostProcess = 'Its process ended before the run did; the same command goes on from there';

/** How fast a run is. */
export interface IngestPace {
  /** Null before the first record. */
  readonly recordsPerSecond: number | null;
  /** Null where the run has ended, or where nobody knows how many records there are. */
  readonly secondsLeft: number | null;
}

export function paceOf({ state, read, total, startedAt, endedAt }: IngestRun, now: Date): IngestPace {
  const seconds = ((endedAt ?? now).getTime() - startedAt.getTime()) / 1000;
  if (read === 0 || seconds <= 0) return { recordsPerSecond: null, secondsLeft: null };
  const recordsPerSecond = read / seconds;
  const left = state === 'RUNNING' && total !== null ? Math.max(0, total - read) / recordsPerSecond : null;
  return { recordsPerSecond, secondsLeft: left };
}
