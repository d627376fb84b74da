import { FigseekError } from './errors.js';
import type { FigureEdits } from './figure-edit.js';
import type { IngestRecord } from './figure-record.js';
import type { FigureId, ImageHash } from './ids.js';

/** Where records come from: their keys tell them apart within it. */
export interface RecordSource {
  readonly name: string;
  /** Whether a person gave the name; else it comes from the input's path. */
  readonly isNamed: boolean;
  /** Whether it was read before records belonged to sources: figures without a source may be its. */
  readonly isOlderThanSources: boolean;
}

/** What is stored under a source key, or was until it was deleted. */
export interface StoredRecord {
  readonly id: FigureId;
  /** Name of the source; empty where the figure is older than sources. */
  readonly source: string;
  /** Null where it was deleted. */
  readonly stored: {
    readonly recordHash: string;
    readonly imageHash: ImageHash;
    /** Whether the model has an image vector of each of its panels. */
    readonly isEmbedded: boolean;
    /** Null where no person corrected its panels. */
    readonly correction: PanelCorrection | null;
    /** What people changed of the figure; null where nobody ever did. */
    readonly edits: FigureEdits | null;
  } | null;
}

/** Panels that a person gave a figure: they stay when its record is read again. */
export interface PanelCorrection {
  /** Milliseconds; tells one correction from the next. */
  readonly at: number;
  /** Of the image in which they lie. */
  readonly imageHash: ImageHash;
  readonly width: number;
  readonly height: number;
  readonly panels: NonNullable<IngestRecord['panels']>;
}

const maxSourceNameLength = 100;

/** @throws {FigseekError} BAD_USER_INPUT for a name that cannot be that of a source */
export function validateSourceName(name: string): void {
  if (name.trim() === name && name.length > 0 && name.length <= maxSourceNameLength && !/\p{C}/u.test(name)) return;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected the name of a source, 1 to ${maxSourceNameLength} characters without control characters and blanks around it, but received ${JSON.stringify(name.slice(0, 120))}`,
  );
}

/** The name of a file or folder, as a source's name. @param stem of the file or folder */
export function sourceNameFrom(stem: string): string {
  const plain = stem.replace(/\p{C}/gu, '').trim();
  // Room for the number that is added where another input has the name.
  return plain.slice(0, maxSourceNameLength - 6) || 'source';
}
