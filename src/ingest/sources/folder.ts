import { opendir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../domain/errors.js';
import { recordSchema, type SourceItem } from '../record.js';
import { readImageFile } from './image-file.js';

// Also kinds that we do not read: each becomes a fault that says so, never a file that is silently left out.
const imageNames = /\.(jpe?g|png|tiff?|webp|gif|svg|bmp|jp2|j2k|jxl|heic|heif|avif|psd|eps|pdf|dcm|svs|ndpi)$/i;

/**
 * Images of a folder tree. Beside `NAME.jpg` may lie `NAME.txt` (its caption) or `NAME.json` (fields of a record,
 * without `image`). The record's id is the path in the folder, unless the JSON gives one.
 */
export async function* readFolder(folder: string): AsyncGenerator<SourceItem> {
  for await (const name of imagesBelow(folder, '')) yield toItem(folder, name);
}

/** Number of records that `readFolder` will give. */
export async function countImages(folder: string): Promise<number> {
  let count = 0;
  for await (const _ of imagesBelow(folder, '')) count += 1;
  return count;
}

async function* imagesBelow(folder: string, below: string): AsyncGenerator<string> {
  const names: { name: string; isFolder: boolean }[] = [];
  for await (const entry of await opendir(path.join(folder, below))) {
    if (!entry.name.startsWith('.')) names.push({ name: path.join(below, entry.name), isFolder: entry.isDirectory() });
  }
  // In a fixed order: the same folder gives the same run on every machine.
  for (const { name, isFolder } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isFolder) yield* imagesBelow(folder, name);
    else if (imageNames.test(name)) yield name;
  }
}

async function toItem(folder: string, name: string): Promise<SourceItem> {
  const sourceKey = name.split(path.sep).join('/');
  try {
    const stem = path.join(folder, name.replace(imageNames, ''));
    const fields = await sidecarFields(stem);
    const record = recordSchema.parse({ id: sourceKey, ...fields, image: sourceKey });
    return { kind: 'record', record, readImage: () => readImageFile(folder, name) };
  } catch (error) {
    return { kind: 'fault', sourceKey, code: 'BAD_RECORD', message: `The file beside it: ${messageOf(error)}` };
  }
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
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
