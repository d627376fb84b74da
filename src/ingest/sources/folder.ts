import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, systemCodeOf } from '../../domain/errors.js';
import { recordSchema, type SourceItem } from '../record.js';
import { readImageFile, sizeOfImage } from './image-file.js';

// Also kinds that we do not read: each becomes a fault that says so, never a file that is silently left out.
export const imageNames = /\.(jpe?g|png|tiff?|webp|gif|svg|bmp|jp2|j2k|jxl|heic|heif|avif|psd|eps|pdf|dcm|svs|ndpi)$/i;

/**
 * Images of a folder tree. Beside `NAME.jpg` may lie `NAME.txt` (its caption) or `NAME.json` (fields of a record,
 * without `image`). The record's id is the path in the folder, unless the JSON gives one.
 */
export async function* readFolder(folder: string): AsyncGenerator<SourceItem> {
  for await (const found of imagesBelow(folder, '')) {
    yield typeof found === 'string' ? toItem(folder, found) : found;
  }
}

/** Number of records that `readFolder` will give. */
export async function countImages(folder: string): Promise<number> {
  let count = 0;
  for await (const _ of imagesBelow(folder, '')) count += 1;
  return count;
}

/** Names of images, and a fault for each folder that cannot be read: the others are taken all the same. */
async function* imagesBelow(folder: string, below: string): AsyncGenerator<string | SourceItem> {
  const entries = await entriesOf(path.join(folder, below)).catch(messageOf);
  if (typeof entries === 'string') {
    yield fault(below === '' ? '.' : below, `The folder cannot be read: ${entries}`);
    return;
  }
  for (const entry of entries) {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) yield* imagesBelow(folder, name);
    else if (imageNames.test(name)) yield name;
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  // In a fixed order: the same folder gives the same run on every machine.
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function toItem(folder: string, name: string): Promise<SourceItem> {
  const sourceKey = keyOf(name);
  try {
    const stem = path.join(folder, name.replace(imageNames, ''));
    const fields = await sidecarFields(stem);
    const record = recordSchema.parse({ id: sourceKey, ...fields, image: sourceKey });
    const size = await sizeOfImage(folder, name);
    return { kind: 'record', record, size, readImage: () => readImageFile(folder, name) };
  } catch (error) {
    return fault(name, `The file beside it: ${messageOf(error)}`);
  }
}

function keyOf(name: string): string {
  return name.split(path.sep).join('/');
}

function fault(name: string, message: string): SourceItem {
  return { kind: 'fault', sourceKey: keyOf(name), code: 'BAD_RECORD', message };
}

async function sidecarFields(stem: string): Promise<object> {
  const json = await textIfThere(`${stem}.json`);
  const caption = (await textIfThere(`${stem}.txt`))?.trim();
  const fields: unknown = json === null ? {} : JSON.parse(json);
  if (typeof fields !== 'object' || fields === null) throw new Error('expected a JSON object');
  return caption === undefined ? fields : { caption, ...fields };
}

async function textIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
