import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { withoutByteOrderMark } from '../../domain/decode-text.js';
import { parseJson } from '../../platform/json-text.js';

const ids = z.record(z.string(), z.number().int().nonnegative());
const only = <Type extends string>(type: Type) =>
  z.literal(type, { error: ({ input }) => `received ${String(input)}` });
const wordPieceSchema = z.object({ model: z.object({ type: only('WordPiece'), vocab: ids }) });
const bytePairSchema = z.object({
  model: z.object({
    type: only('BPE'),
    vocab: ids,
    // Files of before 2024 write a pair as one string.
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});

/**
 * The vocabulary of an open_clip folder: `vocab.txt`, a token a line, or `tokenizer.json`.
 * @returns token strings by id
 * @throws {Error} when there is neither, or it is no WordPiece vocabulary
 */
export async function readVocabulary(folder: string): Promise<readonly string[]> {
  const lines = await textOf(folder, 'vocab.txt');
  if (lines !== null) return lines.replace(/\r?\n$/, '').split(/\r?\n/);
  const json = await textOf(folder, 'tokenizer.json');
  if (json === null) throw new Error('the folder has neither vocab.txt nor tokenizer.json');
  const { vocab } = parseJson(
    json,
    'tokenizer.json',
    wordPieceSchema,
    'a model of type WordPiece with its vocab',
  ).model;
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(vocab)) tokens[id] = token;
  if (tokens.length !== Object.keys(vocab).length) throw new Error('the ids in tokenizer.json are not 0, 1, 2, …');
  return tokens;
}

/**
 * CLIP's byte pairs of an open_clip folder: `vocab.json` and `merges.txt`, or `tokenizer.json`.
 * @returns the texts of the two files
 * @throws {Error} when there is neither, or they are no byte pairs
 */
export async function readBytePairs(folder: string): Promise<{ vocabulary: string; merges: string }> {
  const [vocabulary, merges] = [await textOf(folder, 'vocab.json'), await textOf(folder, 'merges.txt')];
  if (vocabulary !== null && merges !== null) return { vocabulary, merges };
  const json = await textOf(folder, 'tokenizer.json');
  if (json === null) {
    const fix = 'take them from openai/clip-vit-base-patch32, whose tokenizer all CLIP models share';
    throw new Error(`the folder has neither vocab.json and merges.txt nor tokenizer.json; ${fix}`);
  }
  const { model } = parseJson(json, 'tokenizer.json', bytePairSchema, 'a model of type BPE with its vocab and merges');
  const pairs = model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' ')));
  return { vocabulary: JSON.stringify(model.vocab), merges: `#version: 0.2\n${pairs.join('\n')}\n` };
}

async function textOf(folder: string, name: string): Promise<string | null> {
  const text = await readFile(path.join(folder, name), 'utf8').catch(() => null);
  return text === null ? null : withoutByteOrderMark(text);
}
