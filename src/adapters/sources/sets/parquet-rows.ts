import path from 'node:path';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type FileMetaData,
} from 'hyparquet';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import { firstFolder, namesIn } from './layout.js';

/** A row of a table of several files. */
export interface ParquetRow {
  /** Where it stands. */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The parquet files of a part, as Hugging Face publishes a data set: `data/SPLIT-00000-of-00002.parquet`, or
 * `default/SPLIT/0000.parquet` where its own converter made them.
 * @param names of the part
 * @returns paths relative to `folder`, in order
 */
export async function findParquet(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const place of ['', 'data']) {
    const files = await namesIn(path.join(folder, place));
    const own = files.filter((file) => file.endsWith('.parquet') && names.some((name) => file.startsWith(`${name}-`)));
    found.push(...own.map((file) => path.join(place, file)));
  }
  if (found.length > 0) return found;
  const converted = await firstFolder(
    folder,
    names.flatMap((name) => [path.join('default', name), name]),
  );
  if (converted === null) return [];
  const files = (await namesIn(path.join(folder, converted))).filter((file) => file.endsWith('.parquet'));
  return files.map((file) => path.join(converted, file));
}

/** @throws {FigseekError} BAD_USER_INPUT for a file that is damaged */
export async function countParquetRows(folder: string, files: readonly string[]): Promise<number> {
  let count = 0;
  for (const file of files) count += Number((await metadataOf(folder, file)).num_rows);
  return count;
}

/**
 * Rows one by one; one row group is held at a time, and a group of which no row is wanted is not read.
 * @param wanted by the place of a row in all files, from 0
 * @throws {FigseekError} BAD_USER_INPUT for a file that is damaged or lacks a column
 */
export async function* parquetRows(
  folder: string,
  files: readonly string[],
  columns: readonly string[],
  wanted: (row: number) => boolean,
): AsyncGenerator<ParquetRow> {
  let before = 0;
  for (const file of files) {
    const metadata = await metadataOf(folder, file);
    expectColumns(file, metadata, columns);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const places = Array.from({ length: rowEnd - rowStart }, (_, i) => i).filter((i) => wanted(before + i));
      const rows = places.length === 0 ? [] : await readGroup({ folder, file, metadata }, columns, rowStart, rowEnd);
      for (const i of places) {
        const values = rows[i];
        if (values !== undefined) yield { name: `${file}#${rowStart + i}`, values };
      }
      before += rowEnd - rowStart;
      rowStart = rowEnd;
    }
  }
}

async function readGroup(
  { folder, file, metadata }: { readonly folder: string; readonly file: string; readonly metadata: FileMetaData },
  columns: readonly string[],
  rowStart: number,
  rowEnd: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  try {
    const buffer = await asyncBufferFromFile(path.join(folder, file));
    return await parquetReadObjects({ file: buffer, metadata, columns: [...columns], rowStart, rowEnd, utf8: false });
  } catch (error) {
    throw damaged(file, error);
  }
}

async function metadataOf(folder: string, file: string): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(await asyncBufferFromFile(path.join(folder, file)));
  } catch (error) {
    throw damaged(file, error);
  }
}

function damaged(file: string, error: unknown): FigseekError {
  return new FigseekError(
    'BAD_USER_INPUT',
    `${file} is damaged or no parquet file that can be read: ${messageOf(error)}`,
  );
}

function expectColumns(file: string, metadata: FileMetaData, columns: readonly string[]): void {
  const there = parquetSchema(metadata).children.map(({ element }) => element.name);
  const absent = columns.find((column) => !there.includes(column));
  if (absent === undefined) return;
  throw new FigseekError('BAD_USER_INPUT', `${file}: expected a column ${absent} but found ${there.join(', ')}`);
}

/** The bytes of an image as Hugging Face keeps it: `{bytes, path}`; null for anything else. */
export function imageBytes(value: unknown): Uint8Array | null {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return null;
  return value.bytes instanceof Uint8Array ? value.bytes : null;
}

/** A text, whether its column is marked as text or as bytes. */
export function textOf(value: unknown): string | null {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === 'string' ? value : null;
}
