import { readFile, stat } from 'node:fs/promises';
import { decodeText, detectEncoding } from '../../../domain/decode-text.js';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import { detectFileKind } from '../../../imaging/file-kinds.js';
import { readStart } from '../file-start.js';

/** How a file of records is written. */
export type RecordFile =
  /** An object a line. */
  | { readonly kind: 'lines'; readonly encoding: string }
  /** One JSON text: an array of objects, or one object over several lines. */
  | { readonly kind: 'whole' };

/** A JSON text is read at once: more than this would not fit into memory beside the rest. */
const maxWhole = 200_000_000;
const lookedAt = 64 * 1024;
const expected = 'expected a file of records (a JSON object a line, or a JSON array of them) or a folder of images';

/** @throws {FigseekError} BAD_USER_INPUT for a file that is another thing, by what it is */
export async function recordFileKind(file: string): Promise<RecordFile> {
  const start = await readStart(file, lookedAt).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `${file} cannot be read: ${messageOf(error)}`);
  });
  const refused = (found: string) => new FigseekError('BAD_USER_INPUT', `${file} is ${found}; ${expected}`);
  const { encoding, markLength } = detectEncoding(start);
  const known = markLength === 0 ? detectFileKind(start) : null;
  if (known !== null && known !== 'a text file') {
    throw refused(/archive/.test(known) ? `${known}: unpack it first` : known);
  }
  if (encoding === 'utf-8' && start.includes(0)) throw refused('no text: it has NUL bytes');
  const text = new TextDecoder(encoding).decode(start.subarray(markLength)).trimStart();
  if (text === '') return { kind: 'lines', encoding };
  if (text.startsWith('[') || /^\{\s*[\r\n]/.test(text)) return { kind: 'whole' };
  if (!/^\s*\{/m.test(text)) throw refused(`a text that begins with ${JSON.stringify(text.slice(0, 40))}`);
  return { kind: 'lines', encoding };
}

/** The objects of a file that is one JSON text. @throws {FigseekError} BAD_USER_INPUT */
export async function readWholeJson(file: string): Promise<readonly unknown[]> {
  const { size } = await stat(file);
  if (size > maxWhole) {
    const advice = 'write a JSON object a line (jq -c ".[]" does it)';
    throw new FigseekError(
      'BAD_USER_INPUT',
      `${file} is one JSON text of ${size} bytes; expected at most ${maxWhole}; ${advice}`,
    );
  }
  try {
    const value: unknown = JSON.parse(decodeText(await readFile(file)));
    return Array.isArray(value) ? (value as readonly unknown[]) : [value];
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${file} is no JSON: ${messageOf(error)}; ${expected}`);
  }
}
