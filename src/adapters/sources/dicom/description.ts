import type { DataSet } from 'dicom-parser';
import { sha256 } from '../../../domain/ids.js';
import { decimalsOf, groupOf, textOf } from './element-values.js';
import { bodyParts, modalities, sides, views, wordsOf } from './technical-words.js';

/** What is told of a file: words of figseek alone, chosen by terms that a list allows. No text of the file is among them. */
export interface DicomDescription {
  readonly modality: string | null;
  readonly caption: string;
  readonly labels: readonly string[];
}

/** A label of images that the file says have texts drawn into them: these may name a patient. */
export const burnedInLabel = 'burned-in annotation';

/** A direction counts as along an axis of the body within about 25 degrees. */
const along = 0.9;

/**
 * A caption and labels from technical elements: modality, body part, side, view and plane.
 * @param frame from 0: its functional groups tell the orientation of frames
 */
export function describe(data: DataSet, frame: number): DicomDescription {
  const known = wordsOf(modalities, textOf(data, 'x00080060'));
  const part = wordsOf(bodyParts, textOf(data, 'x00180015')?.replace(/[\s_]/g, '').toUpperCase() ?? null);
  const side = wordsOf(sides, textOf(data, 'x00200062') ?? textOf(data, 'x00200060'));
  const words = [part, side, wordsOf(views, textOf(data, 'x00185101')), planeOf(data, frame)];
  const told = words.filter((word) => word !== null);
  const isBurnedIn = textOf(data, 'x00280301') === 'YES';
  return {
    modality: known?.modality ?? null,
    caption: [known?.words ?? 'DICOM image', ...told].join(', '),
    labels: [...told, ...(isBurnedIn ? [burnedInLabel] : [])],
  };
}

/** The plane of the body by Image Orientation (0020,0037): the normal of the directions of rows and columns. */
function planeOf(data: DataSet, frame: number): string | null {
  const group = groupOf(data, frame, 'x00209116');
  const own = decimalsOf(data, 'x00200037');
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = own.length === 0 && group ? decimalsOf(group, 'x00200037') : own;
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d].map(Math.abs);
  const place = normal.findIndex((length) => length > along && length < 1.1);
  return ['sagittal', 'coronal', 'transverse'][place] ?? null;
}

/** The key of an instance: a hash of its UID (0008,0018), else of the whole file. The UID itself leads to its patient. */
export function keyOf(data: DataSet, bytes: Uint8Array): string {
  const uid = textOf(data, 'x00080018');
  return `dicom-${sha256(uid ?? bytes).slice(0, 32)}`;
}
