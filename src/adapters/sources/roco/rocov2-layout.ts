import path from 'node:path';
import { firstFolder } from '../sets/layout.js';

/** The columns of its tables of captions. */
export const captionColumns = ['ID', 'Caption'] as const;

/** The table of captions of a part of ROCOv2. @param split `train`, `valid` or `test` */
export function captionTable(split: string): string {
  return `${split}_captions.csv`;
}

/** The folder of the images of a part, below the one of the set; null where its archive is not unpacked. */
export function findImageFolder(root: string, split: string): Promise<string | null> {
  return firstFolder(root, [split, `${split}_images/${split}`, `${split}_images`]);
}

/** The file of an image; its id may have the suffix already. */
export function imageFile(folder: string, id: string): string {
  return path.join(folder, /\.\w+$/.test(id) ? id : `${id}.jpg`);
}
