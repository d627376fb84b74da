import { FigseekError, messageOf } from '../../domain/errors.js';
import { recordSchema, type SourceItem, type UnknownKey } from '../../domain/figure-record.js';
import { issuesInWords } from '../../domain/issues.js';

/** How the image of a record is read. */
export interface ImageBytes {
  /** 0 where that is not known before it is read. */
  readonly size: number;
  readonly readImage: () => Promise<Uint8Array>;
  readonly unknownKeys?: readonly UnknownKey[];
}

export type FaultItem = Extract<SourceItem, { kind: 'fault' }>;

/** A record with its image; a fault that says what is wrong where it is not of the form that records have. */
export function recordItem(given: unknown, sourceKey: string, image: ImageBytes, code = 'BAD_RECORD'): SourceItem {
  const parsed = recordSchema.safeParse(given);
  if (!parsed.success) return faultItem(sourceKey, issuesInWords(parsed.error.issues), code);
  return { kind: 'record', record: parsed.data, ...image };
}

export function faultItem(sourceKey: string, message: string, code = 'BAD_RECORD'): FaultItem {
  return { kind: 'fault', sourceKey, code, message };
}

/** What went wrong while something was read, as a fault. @param about stands before the message */
export function faultOf(sourceKey: string, error: unknown, about = ''): FaultItem {
  const code = error instanceof FigseekError ? error.code : undefined;
  return faultItem(sourceKey, `${about}${messageOf(error)}`, code);
}

/** What lies in a source and is not taken, with the reason. */
export function leftOutItem(sourceKey: string, reason: string): SourceItem {
  return { kind: 'left-out', sourceKey, reason };
}
