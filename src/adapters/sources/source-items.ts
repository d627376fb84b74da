import { recordSchema, type SourceItem, type UnknownKey } from '../../domain/figure-record.js';
import { issuesInWords } from '../../domain/issues.js';

/** How the image of a record is read. */
export interface ImageBytes {
  /** 0 where that is not known before it is read. */
  readonly size: number;
  readonly readImage: () => Promise<Uint8Array>;
  readonly unknownKeys?: readonly UnknownKey[];
}

/** A record with its image; a fault that says what is wrong where it is not of the form that records have. */
export function recordItem(given: unknown, sourceKey: string, image: ImageBytes, code = 'BAD_RECORD'): SourceItem {
  const parsed = recordSchema.safeParse(given);
  if (!parsed.success) return faultItem(sourceKey, issuesInWords(parsed.error.issues), code);
  return { kind: 'record', record: parsed.data, ...image };
}

export function faultItem(sourceKey: string, message: string, code = 'BAD_RECORD'): SourceItem {
  return { kind: 'fault', sourceKey, code, message };
}
