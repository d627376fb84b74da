import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const tokenizerSchema = z.object({
  model: z.object({ type: z.literal('WordPiece'), vocab: z.record(z.string(), z.number().int().nonnegative()) }),
});

/**
 * The vocabulary of an open_clip folder: `vocab.txt`, a token a line, or `tokenizer.json`.
 * @returns token strings by id
 * @throws {Error} when there is neither, or it is no WordPiece vocabulary
 */
export async function readVocabulary(folder: string): Promise<readonly string[]> {
  const lines = await readFile(path.join(folder, 'vocab.txt'), 'utf8').catch(() => null);
  if (lines !== null) return lines.replace(/\r?\n$/, '').split(/\r?\n/);
  const json = await readFile(path.join(folder, 'tokenizer.json'), 'utf8').catch(() => null);
  if (json === null) throw new Error('the folder has neither vocab.txt nor tokenizer.json');
  const { vocab } = tokenizerSchema.parse(JSON.parse(json)).model;
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(vocab)) tokens[id] = token;
  if (tokens.length !== Object.keys(vocab).length) throw new Error('the ids in tokenizer.json are not 0, 1, 2, …');
  return tokens;
}
