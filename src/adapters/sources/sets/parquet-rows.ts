import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import { ParquetFile } from '../parquet/parquet-file.js';
import type { ParquetValues } from '../parquet/parquet-values.js';
import { firstFolder, namesIn } from './layout.js';

/** A row of a table of several files. */
export interface ParquetRow {
  /** Where it stands. */
  readonly name: string;
  readonly values: ParquetValues;
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
  for (const file of files) count += (await openFile(folder, file)).rows;
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
    const opened = await openFile(folder, file);
    expectColumns(file, opened, columns);
    let rowStart = 0;
    for (const [index, count] of opened.groups.entries()) {
      const places = Array.from({ length: count }, (_, i) => i).filter((i) => wanted(before + i));
      const rows = places.length === 0 ? [] : await opened.readGroup(index, columns);
      for (const i of places) {
        const values = rows[i];
        if (values !== undefined) yield { name: `${file}#${rowStart + i}`, values };
      }
      before += count;
      rowStart += count;
    }
  }
}

function openFile(folder: string, file: string): Promise<ParquetFile> {
  return ParquetFile.open(path.join(folder, file), file);
}

function expectColumns(file: string, opened: ParquetFile, columns: readonly string[]): void {
  const there = opened.columns.map(({ name }) => name);
  const absent = columns.find((column) => !there.includes(column));
  if (absent === undefined) return;
  throw new FigseekError('BAD_USER_INPUT', `${file}: expected a column ${absent} but found ${there.join(', ')}`);
}
