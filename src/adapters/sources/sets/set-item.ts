import { messageOf } from '../../../domain/errors.js';
import { recordSchema, type SourceItem } from '../../../domain/figure-record.js';
import { issuesInWords } from '../../../domain/issues.js';

/** What a public set says of an image. */
export interface SetImage {
  readonly id: string;
  readonly caption?: string;
  readonly labels?: readonly string[];
}

/**
 * @param size of its file in bytes; 0 where the image lies in a table
 * @returns an image of a public set as a source gives it; a fault where its id or caption is not of a form that records have
 */
export function setItem(image: SetImage, readImage: () => Promise<Uint8Array>, size = 0): SourceItem {
  const parsed = recordSchema.safeParse({ ...image, image: image.id });
  if (!parsed.success) return setFault(image.id, issuesInWords(parsed.error.issues));
  return { kind: 'record', record: parsed.data, size, readImage };
}

export function setFault(sourceKey: string, reason: unknown): SourceItem {
  return {
    kind: 'fault',
    sourceKey,
    code: 'BAD_USER_INPUT',
    message: typeof reason === 'string' ? reason : messageOf(reason),
  };
}
