import type { Segmenter } from '../domain/segmenter.js';
import { encodeMaskPng } from '../imaging/encode.js';
import { cocoDocument } from '../imaging/masks/coco.js';
import { traceOutline } from '../imaging/masks/outline.js';
import { encodeRunLength } from '../imaging/masks/run-length.js';
import type { PlacedMask, SegmentablePicture } from './segment-picture.js';

/** A mask as PNG of one gray channel, white inside, at the size of the whole image. */
export function maskPng({ mask }: PlacedMask): Promise<Buffer> {
  return encodeMaskPng(mask);
}

/** A mask as numbers that JSON can hold, in pixels of the whole image. */
export function maskShapes({ mask, boxes }: PlacedMask) {
  return { boxes, rle: encodeRunLength(mask), polygons: traceOutline(mask) };
}

/** An annotation of COCO: the mask without its pixels, so that many have room in memory. */
export type CocoMask = ReturnType<typeof toCocoMask>;

export function toCocoMask(placed: PlacedMask) {
  const { prompt, boxes, areaPixels, found, pValue, similarity, mask } = placed;
  return { prompt, boxes, areaPixels, found, pValue, similarity, rle: encodeRunLength(mask) };
}

/** The masks of one image as a COCO document. @param file the name that the document gives to the image */
export function buildCocoDocument(
  file: string,
  { width, height, license }: SegmentablePicture,
  masks: readonly CocoMask[],
  model: Segmenter,
): object {
  return cocoDocument([{ file, width, height, license, masks }], model);
}
