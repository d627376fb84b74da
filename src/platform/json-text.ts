import type { z } from 'zod';
import { FigseekError, messageOf } from '../domain/errors.js';
import { issuesInWords } from '../domain/issues.js';

/** A damaged vocabulary has an issue for each of its tokens: the first one tells enough. */
const maxReasonLength = 200;

/**
 * Reads a JSON text of a tokenizer.
 * @param file its name @param expected what it should be, for the message
 * @throws {FigseekError} BAD_USER_INPUT in one line that names the file, what was expected and what came
 */
export function parseJson<Parsed>(text: string, file: string, schema: z.ZodType<Parsed>, expected: string): Parsed {
  const refused = (came: string): FigseekError =>
    new FigseekError('BAD_USER_INPUT', `${file} is refused: expected ${expected}; ${came.slice(0, maxReasonLength)}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(`it is no whole JSON (${messageOf(error)})`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refused(issuesInWords(parsed.error.issues.slice(0, 1)));
}
