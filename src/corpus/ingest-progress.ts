import { FigseekError, messageOf } from '../domain/errors.js';
import { leftOutCodes, type IngestCounts, type IngestFault } from '../domain/ingest-run.js';
import type { ImageHash } from '../domain/ids.js';
import { RecordError } from './figure-builder.js';
import type { PreparedRecord } from './prepared-record.js';
import { LeftOutKeys } from './left-out.js';

/** `embedded`: stored and unchanged, but the active model has no vector of it, or of one of its panels. */
export type Change = 'added' | 'updated' | 'embedded';

/** What becomes of an item of a source. */
export type Outcome =
  /** `isUnreadable`: a part of the source, in which any record may be. */
  | { readonly fault: IngestFault; readonly isUnreadable?: boolean }
  | { readonly leftOut: IngestFault }
  | {
      readonly prepared: PreparedRecord;
      readonly change: Change;
      readonly replacedImage?: ImageHash;
      /** A person deleted its figure, and it comes back since that was asked for. */
      readonly isRestored?: boolean;
      /** By its source. */
      readonly arePagesTold?: boolean;
    }
  | { readonly passed: 'unchanged' | 'deleted'; readonly adopted: string | null };

/** A batch of outcomes by their kinds. */
export interface SortedOutcomes {
  readonly fresh: readonly Extract<Outcome, { readonly prepared: PreparedRecord }>[];
  readonly passed: readonly Extract<Outcome, { readonly passed: string }>[];
  readonly faulty: readonly IngestFault[];
  /** How many of the faults are parts of the source that could not be read. */
  readonly unreadable: number;
  /** Files and folders that are no records, and pages behind the first one of a file. */
  readonly leftOut: readonly IngestFault[];
}

export function sortOutcomes(outcomes: readonly Outcome[]): SortedOutcomes {
  const fresh = outcomes.filter((outcome) => 'prepared' in outcome);
  return {
    fresh,
    passed: outcomes.filter((outcome) => 'passed' in outcome),
    faulty: outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome.fault] : [])),
    unreadable: outcomes.filter((outcome) => 'fault' in outcome && outcome.isUnreadable === true).length,
    leftOut: [
      ...outcomes.flatMap((outcome) => ('leftOut' in outcome ? [outcome.leftOut] : [])),
      ...fresh.flatMap(({ prepared, arePagesTold = false }) => [
        ...(arePagesTold ? [] : otherPages(prepared)),
        ...droppedCorrection(prepared),
      ]),
    ],
  };
}

/** Most faults, and most files left out, that a report names. */
const maxReported = 1000;

/** Counts of a run while it goes on, with what it did not take. */
export class IngestProgress implements IngestCounts {
  read = 0;
  added = 0;
  updated = 0;
  unchanged = 0;
  rejected = 0;
  removed = 0;
  /** Among the unchanged ones. */
  deleted = 0;
  leftOut = 0;
  /** Parts of the source that could not be read; among the rejected ones. */
  unreadable = 0;
  readonly faults: IngestFault[] = [];
  readonly leftOuts: IngestFault[] = [];
  readonly unknownKeys = new LeftOutKeys();

  count({ fresh, passed, faulty, leftOut, unreadable }: SortedOutcomes): void {
    const added = fresh.filter(({ change }) => change === 'added').length;
    this.read += fresh.length + passed.length + faulty.length;
    this.added += added;
    this.updated += fresh.length - added;
    this.rejected += faulty.length;
    this.unchanged += passed.length;
    this.deleted += passed.filter(({ passed: why }) => why === 'deleted').length;
    this.leftOut += leftOut.length;
    this.unreadable += unreadable;
    this.faults.push(...faulty.slice(0, maxReported - this.faults.length));
    this.leftOuts.push(...leftOut.slice(0, maxReported - this.leftOuts.length));
  }

  /** The numbers alone. */
  get counts() {
    const { read, added, updated, unchanged, rejected, removed, deleted, leftOut } = this;
    return { read, added, updated, unchanged, rejected, removed, deleted, leftOut };
  }
}

function otherPages({ record, pages }: PreparedRecord): readonly IngestFault[] {
  if (pages < 2) return [];
  const message = `The file has ${pages} pages or frames: the first one is taken, the others are left out`;
  return [ingestFault(record.id, leftOutCodes.file, message)];
}

function droppedCorrection({ record, isCorrectionDropped }: PreparedRecord): readonly IngestFault[] {
  if (!isCorrectionDropped) return [];
  const message =
    'The image has another shape than the one in which a person marked panels: they were left out; mark them again';
  return [ingestFault(record.id, leftOutCodes.correction, message)];
}

export function ingestFault(sourceKey: string, code: string, message: string): IngestFault {
  return { sourceKey, code, message };
}

/** Whether a model cannot work, which is no fault of a record. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof FigseekError && error.code === 'MODEL_UNAVAILABLE';
}

/** @throws what is no fault of the record, such as a full disk: the run stops and says so */
export function faultFromError(sourceKey: string, error: unknown): IngestFault {
  if (!(error instanceof FigseekError) || error.code === 'INTERNAL_SERVER_ERROR') throw error;
  return ingestFault(sourceKey, error instanceof RecordError ? 'BAD_RECORD' : error.code, messageOf(error));
}
