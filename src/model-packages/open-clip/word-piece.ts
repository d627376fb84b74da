import { cleanText } from './clean-text.js';

const maxWordLength = 100;
const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;
type SpecialToken = (typeof specialTokens)[number];

/**
 * BERT's uncased WordPiece as the reference tokenizer computes it (huggingface/tokenizers: normalizers/bert.rs,
 * pre_tokenizers/bert.rs, models/wordpiece). Our own: the library for JavaScript lowers a whole word at once, which
 * turns a final Σ into ς where the reference gives σ.
 */
export class WordPiece {
  private readonly ids: ReadonlyMap<string, number>;
  private readonly special: Readonly<Record<SpecialToken, number>>;

  /**
   * @param vocabulary token strings by id
   * @throws {Error} a special token is missing
   */
  constructor(
    vocabulary: readonly string[],
    private readonly contextLength: number,
  ) {
    this.ids = new Map(vocabulary.map((token, id) => [token, id]));
    // Always by string: ids of special tokens differ between vocabularies.
    const entries = specialTokens.map((token) => [token, this.requiredId(token)]);
    this.special = Object.fromEntries(entries) as Record<SpecialToken, number>;
  }

  /** @returns [CLS], at most contextLength - 2 pieces, [SEP] */
  encode(text: string): Int32Array {
    const pieces: number[] = [];
    for (const part of cleanText(text).split(/(\[(?:PAD|UNK|CLS|SEP|MASK)\])/)) {
      // The reference takes a literal “[CLS]” in a caption for the token.
      if (isSpecial(part)) pieces.push(this.special[part]);
      else this.addPieces(part, pieces);
    }
    const kept = pieces.slice(0, this.contextLength - 2);
    return Int32Array.of(this.special['[CLS]'], ...kept, this.special['[SEP]']);
  }

  private addPieces(text: string, pieces: number[]): void {
    for (const word of words(normalize(text))) {
      if (pieces.length >= this.contextLength) return;
      pieces.push(...this.piecesOf(word));
    }
  }

  /** Longest match first; a word with a part that no piece covers is one [UNK]. */
  private piecesOf(word: string): readonly number[] {
    const letters = [...word];
    const unknown = [this.special['[UNK]']];
    if (letters.length > maxWordLength) return unknown;
    const pieces: number[] = [];
    for (let start = 0; start < letters.length;) {
      let end = letters.length;
      let id: number | undefined;
      for (; end > start; end--) {
        id = this.ids.get((start > 0 ? '##' : '') + letters.slice(start, end).join(''));
        if (id !== undefined) break;
      }
      if (id === undefined) return unknown;
      pieces.push(id);
      start = end;
    }
    return pieces;
  }

  private requiredId(token: string): number {
    const id = this.ids.get(token);
    if (id === undefined) throw new Error(`the vocabulary lacks ${token}`);
    return id;
  }
}

function isSpecial(part: string): part is SpecialToken {
  return (specialTokens as readonly string[]).includes(part);
}

// The blocks that BERT calls Chinese; kana and hangul are not among them.
const chinese =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/** Control characters out, spaces around Chinese, accents off (NFD, not recomposed), lower case letter by letter. */
function normalize(text: string): string {
  const cleaned = text.replace(/\s/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Co}\ufffd]/gu, '');
  const bare = cleaned
    .replace(chinese, ' $& ')
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');
  return Array.from(bare, (letter) => letter.toLowerCase()).join('');
}

/** Splits at white space, and around every punctuation mark. */
function words(text: string): readonly string[] {
  return text.match(/[!-/:-@[-`{-~]|\p{P}|[^\s!-/:-@[-`{-~\p{P}]+/gu) ?? [];
}
