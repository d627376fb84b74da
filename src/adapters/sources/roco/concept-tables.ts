import { createReadStream } from 'node:fs';
import path from 'node:path';
import { decodeText } from '../../../domain/decode-text.js';
import { boundedLines } from '../records/lines.js';
import { csvRows } from '../sets/csv-rows.js';
import { isFile } from '../sets/layout.js';

const maxLineLength = 1_000_000;

/**
 * Lines of a table of ROCO: an id, and values between tabs.
 * @yields the number of each line that is not blank, from 1, with its id and the values that are not blank
 */
export async function* tabbedLines(file: string): AsyncGenerator<TabbedLine> {
  const chunks = createReadStream(file) as AsyncIterable<Buffer>;
  let line = 0;
  for await (const { bytes } of boundedLines(chunks, maxLineLength)) {
    line++;
    const text = bytes === null ? null : decodeOrNull(bytes);
    if (text === null) yield { line, values: null };
    else if (text.trim() !== '') {
      const [id = '', ...values] = text.split('\t').map((value) => value.trim());
      yield { line, values: [id, values.filter((value) => value !== '')] };
    }
  }
}

interface TabbedLine {
  readonly line: number;
  /** Null for a line that is too long or not UTF-8. */
  readonly values: readonly [id: string, values: readonly string[]] | null;
}

function decodeOrNull(bytes: Uint8Array): string | null {
  try {
    return decodeText(bytes);
  } catch {
    return null;
  }
}

/**
 * A table of ROCO by its ids; empty where the file is absent.
 * @param onBadLine told the number, from 1, of each line that is too long or not UTF-8
 */
export async function readTabbed(
  folder: string,
  name: string,
  onBadLine: (line: number) => void,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const table = new Map<string, readonly string[]>();
  const file = path.join(folder, name);
  if (!(await isFile(file))) return table;
  for await (const { line, values } of tabbedLines(file)) {
    if (values === null) onBadLine(line);
    else table.set(...values);
  }
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
