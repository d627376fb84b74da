import { createReadStream } from 'node:fs';
import path from 'node:path';
import { CsvError, parse } from 'csv-parse';
import { FigseekError } from '../../../domain/errors.js';

/**
 * Rows of a CSV file with a header line, one by one.
 * @param columns those that have to be there, whatever their capitals and order
 * @param optional those that may be absent: their values are empty then
 * @yields the values of these columns, in the order in which they were named
 * @throws {FigseekError} BAD_USER_INPUT for a file that is no such table
 */
export async function* csvRows(
  file: string,
  columns: readonly string[],
  optional: readonly string[] = [],
): AsyncGenerator<readonly string[]> {
  const name = path.basename(file);
  const stream = createReadStream(file);
  const parser = stream.pipe(parse({ bom: true, skip_empty_lines: true, max_record_size: maxRecord }));
  // `pipe` does not hand on what goes wrong with the file.
  stream.on('error', (error) => parser.destroy(error));
  let places: readonly (number | null)[] | null = null;
  try {
    for await (const row of parser as AsyncIterable<readonly string[]>) {
      if (places === null) places = [...placesOf(row, columns, name), ...optionalPlaces(row, optional)];
      else yield places.map((place) => (place === null ? '' : (row[place] ?? '')));
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new FigseekError('BAD_USER_INPUT', `${name} is no CSV file with ${columns.join(', ')}: ${error.message}`);
  } finally {
    stream.destroy();
  }
  if (places === null) throw new FigseekError('BAD_USER_INPUT', `${name} is empty; expected ${columns.join(', ')}`);
}

const maxRecord = 10_000_000;

function placesOf(header: readonly string[], columns: readonly string[], name: string): readonly number[] {
  const known = header.map((column) => column.trim().toLowerCase());
  return columns.map((column) => {
    const place = known.indexOf(column.toLowerCase());
    if (place !== -1) return place;
    const expected = `expected a first line that names the columns ${columns.join(',')} with commas between them`;
    const found = header.join(',').slice(0, 200);
    throw new FigseekError('BAD_USER_INPUT', `${name} has no column ${column}: ${expected}, but found ${found}`);
  });
}

function optionalPlaces(header: readonly string[], columns: readonly string[]): readonly (number | null)[] {
  const known = header.map((column) => column.trim().toLowerCase());
  return columns.map((column) => {
    const place = known.indexOf(column.toLowerCase());
    return place === -1 ? null : place;
  });
}

/** How many rows a CSV file has below its header. */
export async function countRows(file: string, columns: readonly string[]): Promise<number> {
  let count = 0;
  for await (const _row of csvRows(file, columns)) count += 1;
  return count;
}
