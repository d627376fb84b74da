import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { decodeText } from '../domain/decode-text.js';
import { FigseekError, messageOf } from '../domain/errors.js';

/** Texts of a `.json` file (an array of strings), or the lines of another one. @throws {FigseekError} BAD_USER_INPUT */
export async function readTexts(file: string): Promise<readonly string[]> {
  const content = await readText(file);
  if (!file.endsWith('.json')) return content.replace(/\r?\n$/, '').split(/\r?\n/);
  return parse(file, content, z.array(z.string()));
}

/** Token ids of a `.json` file: an array of arrays. @throws {FigseekError} BAD_USER_INPUT */
export async function readTokenIds(file: string): Promise<readonly (readonly number[])[]> {
  return parse(file, await readText(file), z.array(z.array(z.number().int().nonnegative()).min(1)));
}

function parse<Type>(file: string, content: string, schema: z.ZodType<Type>): Type {
  try {
    return schema.parse(JSON.parse(content));
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${file} does not fit: ${messageOf(error)}`);
  }
}

/** @throws {FigseekError} BAD_USER_INPUT naming the file and its encoding */
async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `${file} cannot be read: ${messageOf(error)}`);
  });
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${file}: ${messageOf(error)}`);
  }
}
