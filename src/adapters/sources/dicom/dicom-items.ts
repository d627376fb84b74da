import path from 'node:path';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { sha256 } from '../../../domain/ids.js';
import { readImageFile } from '../image-file.js';
import { recordItem } from '../source-items.js';
import { burnedInLabel } from './description.js';
import { frameAsPng, readDicomContent } from './dicom-reader.js';
import type { DescribedFrame, DicomContent } from './read-dicom.js';

/** A folder, and the keys of its instances that were given already: copies of an instance have one UID. */
export interface DicomFolder {
  readonly root: string;
  readonly taken: Set<string>;
}

/** How faults name a file: names of files may be those of patients. */
function fileKey(name: string): string {
  return `file-${sha256(name.split(path.sep).join('/')).slice(0, 16)}`;
}

/**
 * The figures of a DICOM file, or of the files that a DICOMDIR names. The file itself is not kept: a figure's image is a PNG of
 * the frame.
 * @param name path below the folder
 * @param isDirectoryRead whether the files that a DICOMDIR names are read; they are not where their folder is read itself
 */
export async function* dicomItems(
  folder: DicomFolder,
  name: string,
  isDirectoryRead: boolean,
): AsyncGenerator<SourceItem> {
  const content = await contentOf(folder.root, name).catch((error: unknown) => ({ kind: 'fault' as const, error }));
  if (content.kind === 'fault') yield faultOf(name, content.error);
  else if (content.kind === 'image') yield* imageItems(folder, name, content);
  else if (isDirectoryRead) yield* directoryItems(folder, name, content.files);
  else yield leftOut(name, 'a DICOMDIR, a list of files; the files of this folder are read themselves');
}

const burnedInNote = `the file says that texts are drawn into its pixels, which may name a patient: they are not removed, and its figures have the label “${burnedInLabel}”`;

export function leftOut(name: string, reason: string): SourceItem {
  return { kind: 'left-out', sourceKey: fileKey(name), reason };
}

export function faultOf(name: string, error: unknown): SourceItem {
  const code = error instanceof FigseekError ? error.code : 'BAD_RECORD';
  return { kind: 'fault', sourceKey: fileKey(name), code, message: withoutName(messageOf(error), name) };
}

function withoutName(message: string, name: string): string {
  return message.replaceAll(name, fileKey(name)).replaceAll(path.basename(name), fileKey(name));
}

async function contentOf(root: string, name: string): Promise<DicomContent> {
  return readDicomContent(await readImageFile(root, name));
}

function* imageItems(
  { root, taken }: DicomFolder,
  name: string,
  { key, frames, shown }: Extract<DicomContent, { kind: 'image' }>,
): Generator<SourceItem> {
  let free = key;
  for (let count = 2; taken.has(free); count++) free = `${key}~${count}`;
  taken.add(free);
  if (shown.some(({ labels }) => labels.includes(burnedInLabel))) {
    yield { kind: 'left-out', sourceKey: `${free}#annotation`, reason: burnedInNote };
  }
  for (const one of shown) {
    const id = frames === 1 ? free : `${free}/frame-${one.frame + 1}`;
    yield toItem(id, one, () => readFrame(root, name, one.frame));
  }
}

function toItem(
  id: string,
  { caption, labels, modality, pixelSpacing, valueRange }: DescribedFrame,
  readImage: () => Promise<Uint8Array>,
): SourceItem {
  return recordItem({ id, image: id, caption, labels: [...labels], modality, pixelSpacing, valueRange }, id, {
    size: 0,
    readImage,
  });
}

async function readFrame(root: string, name: string, frame: number): Promise<Uint8Array> {
  try {
    return await frameAsPng(await readImageFile(root, name), frame);
  } catch (error) {
    if (!(error instanceof FigseekError)) throw error;
    throw new FigseekError(error.code, `${fileKey(name)}: ${withoutName(error.message, name)}`);
  }
}

/** `readImageFile` refuses what lies outside of the folder. */
async function* directoryItems(
  folder: DicomFolder,
  directory: string,
  files: readonly (readonly string[])[],
): AsyncGenerator<SourceItem> {
  if (files.length === 0) yield faultOf(directory, new FigseekError('BAD_USER_INPUT', 'The DICOMDIR names no files'));
  for (const parts of files) yield* dicomItems(folder, path.join(path.dirname(directory), ...parts), false);
}
