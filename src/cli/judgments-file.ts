import { readFile } from 'node:fs/promises';
import { decodeText } from '../domain/decode-text.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { parseJudgments, type Judgment } from '../evaluation/known-items/judgments.js';

/** @throws {FigseekError} BAD_USER_INPUT for a file that cannot be read, or holds something else */
export async function readJudgments(file: string): Promise<readonly Judgment[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The judgments cannot be read: ${messageOf(error)}`);
  });
  return parseJudgments(decodeText(bytes));
}
