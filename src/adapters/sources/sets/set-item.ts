import { messageOf } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { faultItem, recordItem } from '../source-items.js';

const code = 'BAD_USER_INPUT';

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
  return recordItem({ ...image, image: image.id }, image.id, { size, readImage }, code);
}

export function setFault(sourceKey: string, reason: unknown): SourceItem {
  return faultItem(sourceKey, typeof reason === 'string' ? reason : messageOf(reason), code);
}
