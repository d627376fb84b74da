import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { numbered } from '../../../domain/numbered.js';
import { relativePathKey } from '../file-in-folder.js';
import { detectImageKind, otherFile } from '../file-name-kinds.js';
import { keyOf, treeEntries } from '../folder-tree.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { faultItem, faultOf, leftOutItem, recordItem } from '../source-items.js';
import { hasImages, imagesAbsent, knownColumns } from './parquet-columns.js';
import { isParquet, ParquetFile } from './parquet-file.js';
import { readRow } from './parquet-record.js';

/** Figures of one parquet file. Paths of images are relative to its folder. */
export function readParquetFile(file: string): AsyncGenerator<SourceItem> {
  const { dir, base } = path.parse(path.resolve(file));
  return rowsOf(dir, base, new Set());
}

/**
 * Figures of all parquet files of a folder tree; whatever else lies there is told as left out. Paths of images are relative to
 * the folder of their parquet file.
 */
export async function* readParquetFolder(root: string): AsyncGenerator<SourceItem> {
  const used = new Set<string>();
  for await (const found of treeEntries(root)) {
    if (found.kind !== 'file') yield found;
    else if (isParquetName(found.name)) yield* rowsOf(root, found.name, used);
    else if (detectImageKind(found.name) === null) yield leftOutItem(keyOf(found.name), otherFile(found.name));
  }
  let unused = 0;
  for await (const found of treeEntries(root))
    if (found.kind === 'file' && detectImageKind(found.name) !== null && !used.has(relativePathKey(found.name)))
      unused++;
  if (unused > 0) yield leftOutItem('.', `${numbered(unused, 'image file')} that no row of the parquet files names`);
}

/** Whether a folder tree has parquet files with images; the first one that can be read decides. */
export async function holdsParquetImages(root: string): Promise<boolean> {
  for await (const found of treeEntries(root)) {
    if (found.kind !== 'file' || !isParquetName(found.name)) continue;
    const opened = await ParquetFile.open(path.join(root, found.name), found.name).catch(() => null);
    if (opened !== null) return hasImages(opened);
  }
  return false;
}

/** @throws {FigseekError} BAD_USER_INPUT for a file that is damaged, or has no images */
export async function expectParquetImages(file: string): Promise<void> {
  const name = path.basename(file);
  if (!(await isParquet(file)))
    throw new FigseekError('BAD_USER_INPUT', `The format parquet does not fit ${name}: it does not begin with PAR1`);
  const opened = await ParquetFile.open(file, name);
  if (!hasImages(opened)) throw imagesAbsent(name, opened);
}

/** Number of rows; files that cannot be read count nothing. */
export async function countRows(root: string): Promise<number> {
  let count = 0;
  for await (const found of treeEntries(root)) {
    if (found.kind !== 'file' || !isParquetName(found.name)) continue;
    const opened = await ParquetFile.open(path.join(root, found.name), found.name).catch(() => null);
    count += opened?.rows ?? 0;
  }
  return count;
}

export async function countFileRows(file: string): Promise<number> {
  return (await ParquetFile.open(file, path.basename(file))).rows;
}

function isParquetName(name: string): boolean {
  return /\.parquet$/i.test(name);
}

/** One row group is held at a time. A group that is damaged is a fault, and the others are read. */
async function* rowsOf(root: string, file: string, used: Set<string>): AsyncGenerator<SourceItem> {
  const key = keyOf(file);
  const toFault = (error: unknown) => faultOf(key, error);
  const opened = await ParquetFile.open(path.join(root, file), key).catch(toFault);
  if ('kind' in opened) {
    yield opened;
    return;
  }
  if (!hasImages(opened)) {
    yield leftOutItem(key, imagesAbsent(key, opened).message);
    return;
  }
  const columns = knownColumns(opened);
  let row = 0;
  for (const [index, count] of opened.groups.entries()) {
    const rows = await opened.readGroup(index, columns).catch(toFault);
    if ('kind' in rows)
      yield faultItem(`${key}#${row}`, `The rows ${row} to ${row + count - 1} are lost: ${rows.message}`, rows.code);
    else for (const [i, values] of rows.entries()) yield toItem({ root, file, used }, `${key}#${row + i}`, values);
    row += count;
  }
}

interface Place {
  readonly root: string;
  readonly file: string;
  readonly used: Set<string>;
}

async function toItem(
  { root, file, used }: Place,
  rowKey: string,
  values: Readonly<Record<string, unknown>>,
): Promise<SourceItem> {
  const { id: given, image, record, failure } = readRow(values);
  const id = given ?? rowKey;
  if (failure !== null) return faultItem(id, `It was not downloaded: ${failure}`);
  if (image === null) return faultItem(id, 'The row has no image');
  const whole = { ...record, id, image: id };
  if (typeof image !== 'string') {
    return recordItem(whole, id, { size: image.length, readImage: () => Promise.resolve(image) });
  }
  const place = path.isAbsolute(image) ? image : path.join(path.dirname(file), image);
  used.add(relativePathKey(path.isAbsolute(image) ? path.relative(path.resolve(root), image) : place));
  return recordItem(whole, id, { size: await sizeOfImage(root, place), readImage: () => readImageFile(root, place) });
}
