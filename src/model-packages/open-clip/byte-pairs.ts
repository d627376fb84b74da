import * as library from '@huggingface/tokenizers';
import { z } from 'zod';
import { parseJson } from '../../platform/json-text.js';

interface MergingTokenizer {
  encode(text: string): { readonly ids: readonly number[] };
}

// The library's own declarations do not resolve under NodeNext (they import without file extensions).
const { Tokenizer } = library as unknown as {
  Tokenizer: new (tokenizer: object, settings: object) => MergingTokenizer;
};

export const start = '<|startoftext|>';
export const end = '<|endoftext|>';

const vocabularySchema = z.record(z.string(), z.number().int().nonnegative());

/** CLIP's words: contractions, runs of letters, single digits, runs of other signs. */
const words = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/**
 * CLIP's lower-case byte-pair tokenizer (transformers' CLIPTokenizer, open_clip's SimpleTokenizer) on text that was
 * cleaned as the model wants it; the merging is @huggingface/tokenizers'.
 */
export class BytePairs {
  private readonly tokenizer: MergingTokenizer;
  private readonly startId: number;
  private readonly endId: number;
  /** Ids are 0, 1, … */
  readonly size: number;

  /**
   * @param vocabulary text of `vocab.json` @param merges text of `merges.txt`
   * @throws {Error} saying what does not fit
   */
  constructor(
    vocabulary: string,
    merges: string,
    private readonly contextLength: number,
  ) {
    const ids = parseJson(vocabulary, 'vocab.json', vocabularySchema, 'an object of tokens and their ids, 0, 1, …');
    this.size = Object.keys(ids).length;
    this.startId = requiredId(ids, start);
    this.endId = requiredId(ids, end);
    // Official text towers pool at the largest id: another order would pool elsewhere.
    const largest = Object.values(ids).reduce((most, id) => Math.max(most, id), 0);
    if (largest !== this.endId || largest !== this.size - 1) {
      throw new Error(`the vocabulary must have the ids 0 to ${this.size - 1}, of which ${end} is the last`);
    }
    this.tokenizer = new Tokenizer(tokenizerJson(ids, pairsOf(merges)), {});
  }

  /**
   * @param text cleaned; a special token in it is read as plain characters
   * @returns start, at most contextLength - 2 pieces, end
   */
  encode(text: string): Int32Array {
    const { ids } = this.tokenizer.encode(text);
    return Int32Array.of(this.startId, ...ids.slice(0, this.contextLength - 2), this.endId);
  }
}

function requiredId(ids: Readonly<Record<string, number>>, token: string): number {
  const id = ids[token];
  if (id === undefined) throw new Error(`the vocabulary lacks ${token}`);
  return id;
}

/** A pair a line, after a line that tells the version. */
function pairsOf(merges: string): readonly string[] {
  const lines = merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  const wrong = lines.findIndex((line) => !/^\S+ \S+$/.test(line));
  if (wrong >= 0) throw new Error(`merges.txt has a pair that is none: ${JSON.stringify(lines[wrong]?.slice(0, 80))}`);
  return lines;
}

/** The `tokenizer.json` that CLIP's two files amount to. */
function tokenizerJson(vocab: Readonly<Record<string, number>>, merges: readonly string[]) {
  const split = { type: 'Split', pattern: { Regex: words }, behavior: 'Removed', invert: true };
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  const model = {
    type: 'BPE',
    dropout: null,
    unk_token: end,
    continuing_subword_prefix: '',
    end_of_word_suffix: '</w>',
    fuse_unk: false,
    vocab,
    merges,
  };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split, bytes] },
    post_processor: null,
    decoder: null,
    model,
  };
}
