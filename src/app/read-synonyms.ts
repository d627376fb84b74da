import { readFileSync } from 'node:fs';
import { decodeText } from '../domain/decode-text.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { fieldSynonyms } from '../domain/text/field-synonyms.js';
import { Synonyms } from '../domain/text/synonyms.js';
import type { Config } from './config.js';

/**
 * The list of the field, with the lines of the user's file (`FIGSEEK_SYNONYMS`) added.
 * @throws {FigseekError} BAD_USER_INPUT for a file that cannot be read, or a line of it
 */
export function readSynonyms({ synonyms: file }: Pick<Config, 'synonyms'>): Synonyms {
  const own = file === null ? [] : [{ name: file, text: readFile(file) }];
  return Synonyms.parse([{ name: 'the list of figseek', text: fieldSynonyms }, ...own]);
}

function readFile(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `The synonyms cannot be read (FIGSEEK_SYNONYMS): ${messageOf(error)}`);
  }
}
