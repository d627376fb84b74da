import { readFile } from 'node:fs/promises';
import { decodeText } from '../domain/decode-text.js';
import { FigseekError, messageOf } from '../domain/errors.js';

/** The text of a file that an option names. @throws {FigseekError} BAD_USER_INPUT where it cannot be read */
export async function readTextFile(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `${file} cannot be read: ${messageOf(error)}`);
  });
  return decodeText(bytes);
}
