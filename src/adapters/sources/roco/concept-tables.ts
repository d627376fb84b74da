import { createReadStream } from 'node:fs';
import path from 'node:path';
import { decodeText } from '../../../domain/decode-text.js';
import { boundedLines } from '../records/lines.js';
import { csvRows } from '../sets/csv-rows.js';
import { isFile } from '../sets/layout.js';

const maxLineLength = 1_000_000;

/**
 * Lines of a table of ROCO: an id, and values between tabs.
 * @yields the id and the values that are not blank; null for a line that is too long or not UTF-8
 */
export async function* tabbedLines(file: string): AsyncGenerator<readonly [string, readonly string[]] | null> {
  const chunks = createReadStream(file) as AsyncIterable<Buffer>;
  for await (const { bytes } of boundedLines(chunks, maxLineLength)) {
    const line = bytes === null ? null : decodeOrNull(bytes);
    if (line === null) yield null;
    else if (line.trim() !== '') {
      const [id = '', ...values] = line.split('\t').map((value) => value.trim());
      yield [id, values.filter((value) => value !== '')];
    }
  }
}

function decodeOrNull(bytes: Uint8Array): string | null {
  try {
    return decodeText(bytes);
  } catch {
    return null;
  }
}

/** A table of ROCO by its ids; empty where the file is absent. */
export async function readTabbed(folder: string, name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const table = new Map<string, readonly string[]>();
  const file = path.join(folder, name);
  if (!(await isFile(file))) return table;
  for await (const line of tabbedLines(file)) if (line !== null) table.set(...line);
  return table;
}

/**
 * A CSV table by its first column; empty where the file is absent.
 * @throws {FigseekError} BAD_USER_INPUT for a file that is no such table
 */
export async function readTable(
  folder: string,
  name: string,
  columns: readonly string[],
  optional: readonly string[] = [],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const table = new Map<string, readonly string[]>();
  const file = path.join(folder, name);
  if (!(await isFile(file))) return table;
  for await (const [key = '', ...values] of csvRows(file, columns, optional)) table.set(key.trim(), values);
  return table;
}
