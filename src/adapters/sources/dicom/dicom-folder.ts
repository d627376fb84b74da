import path from 'node:path';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { foreignFile, foreignFolder, isImageName, otherFile } from '../file-name-kinds.js';
import { sortedEntries } from '../folder-entries.js';
import { startsAs } from '../file-start.js';
import { linkedFile } from '../image-file.js';
import { startsDicom } from './dicom-file.js';
import { dicomItems, faultOf, leftOut, type DicomFolder } from './dicom-items.js';

/** What is looked at to say whether a folder holds DICOM files. */
const maxLookedAt = 2000;
const headBytes = 140;

/** Figures of the DICOM files in a folder tree, in the order of their paths; whatever else lies there is told as left out. */
export async function* readDicomFolder(root: string): AsyncGenerator<SourceItem> {
  const folder: DicomFolder = { root, taken: new Set() };
  for await (const found of entriesBelow(root, '')) {
    if (found.kind !== 'file') yield found;
    else if (isDicomName(found.name) || (await isDicomFile(path.join(root, found.name))))
      yield* dicomItems(folder, found.name, false);
    else yield leftOut(found.name, isImageName(found.name) ? 'an image, but no DICOM file' : otherFile(found.name));
  }
}

/** Figures of one DICOM file, or of the files that a DICOMDIR names. */
export async function* readSingleDicom(file: string): AsyncGenerator<SourceItem> {
  const { dir, base } = path.parse(await linkedFile(file));
  yield* dicomItems({ root: dir, taken: new Set() }, base, true);
}

/** Whether a folder holds DICOM files and no other images; of large ones the first files are looked at. */
export async function holdsDicom(root: string): Promise<boolean> {
  let [left, isFound] = [maxLookedAt, false];
  for await (const found of entriesBelow(root, '')) {
    if (found.kind !== 'file') continue;
    if (isImageName(found.name)) return false;
    isFound ||= await isDicomFile(path.join(root, found.name));
    if (--left === 0) break;
  }
  return isFound;
}

/** Number of files, as a guess at the number of figures. */
export async function countFiles(root: string): Promise<number> {
  let count = 0;
  for await (const { kind } of entriesBelow(root, '')) if (kind === 'file') count++;
  return count;
}

/** Whether a file begins as a DICOM file does; false for one that cannot be read. */
export function isDicomFile(file: string): Promise<boolean> {
  return startsAs(file, headBytes, startsDicom);
}

/** What bears the name of a DICOM file and is none is a fault. */
function isDicomName(name: string): boolean {
  return /\.(?:dcm|dicom)$/i.test(name);
}

type Found = { readonly kind: 'file'; readonly name: string } | SourceItem;

async function* entriesBelow(root: string, below: string): AsyncGenerator<Found> {
  const entries = await sortedEntries(path.join(root, below)).catch(messageOf);
  if (typeof entries === 'string') {
    yield faultOf(below, new FigseekError('BAD_USER_INPUT', 'The folder cannot be read'));
    return;
  }
  for (const entry of entries) {
    const name = path.join(below, entry.name);
    const foreign = entry.isDirectory() ? foreignFolder(entry.name) : foreignFile(entry.name);
    if (foreign !== null) yield leftOut(name, foreign);
    else if (entry.isDirectory()) yield* entriesBelow(root, name);
    else yield { kind: 'file', name };
  }
}
