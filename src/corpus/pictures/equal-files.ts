import type { Box } from '../../domain/figure.js';
import type { PictureLikeness } from '../../domain/picture-likeness.js';
import type { StoredPicture } from '../../ports/picture-store.js';

/** Whether two panels are one part of one file. */
export function isEqualFile({ imageHash, box }: StoredPicture, other: StoredPicture): boolean {
  const { x, y, width, height } = other.box;
  const isEqualBox = box.x === x && box.y === y && box.width === width && box.height === height;
  return imageHash === other.imageHash && isEqualBox;
}

/** Of one part of one file there is nothing to compare. */
export function asEqual({ width, height }: Box): PictureLikeness {
  const all = { x: 0, y: 0, width, height };
  return { similarity: 1, changes: [], isSame: true, boxes: [all, all] };
}
