import { foldWord, invisibleCharacters, respelledWord } from './fold-text.js';
import { isGreekName, joinedSymbols, spellGreek } from './greek-letters.js';

/** A word of a text, by its place there, and the terms that the keyword index keeps of it, in their order. */
interface Word {
  readonly start: number;
  readonly end: number;
  readonly terms: readonly string[];
}

/**
 * Words that belong together ("IL-6", "TNF alpha", "H&E"), or one word.
 * - `word`: its terms follow each other; `forms` are other spellings, each one term
 * - `loose`: words with a blank between them that may also be one symbol
 * - `unit`: one term of single letters; its letters alone mean something else
 * - `characters`: script without blanks; each word is two characters that follow each other
 */
export interface WordGroup {
  readonly kind: 'word' | 'loose' | 'unit' | 'characters';
  readonly words: readonly Word[];
  readonly forms: readonly string[];
}

/** Joins the letters of units ("h&e") and the parts of ids to one term; a private-use character, so that no text has it. */
export const connector = '\ue000';

const maxFormLength = 40;
const maxParts = 8;
/** Of a longer run of letters and marks, which is no word, the beginning counts: a caption may hold a sequence of bases. */
const maxWordLength = 200;

// Scripts without blanks between words, and Korean, whose particles join the word before them.
const unspaced =
  '[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]';
const pieces = new RegExp(
  `(?<unspaced>(?:(?=[\\p{L}\\p{N}\\p{M}])${unspaced}[\\p{M}\\p{Cf}]*)+)|(?<word>(?:(?!${unspaced})[\\p{L}\\p{N}][\\p{M}\\p{Cf}\\u034f]*)+)`,
  'gu',
);

const superscript = '[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]';
const raisedLetter = '[\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d9b-\u1dbf\u2071\u207f]';
const raisedNumber = new RegExp(`^(.*?)(\\p{L}*)(${superscript}+)$`, 'u');
const footnoteLetters = new RegExp(`(?<=\\p{L})${raisedLetter}+$`, 'u');

const microUnits = 'm|g|l|s|a|v|w|f|n|mol|ci|pa|gy|sv|hz|h|j|t|c|iu|u|eq|osm|kat|bar|sec';
const microUnit = new RegExp(`^(\\d*)[\u00b5\u03bc](${microUnits})$`, 'iu');
const numberWithUnit =
  /^(\d+)(um|nm|pm|mm|cm|km|ul|ml|dl|ug|ng|pg|mg|kg|kda|mv|kv|hz|khz|mhz|mmol|umol|nmol|pmol|fmol|min|hrs|dpi|hpi)$/u;

/** Splits a text into groups of words; the same function serves what is indexed, what is asked and what is marked. */
export function analyzeText(text: string): readonly WordGroup[] {
  const groups: WordGroup[] = [];
  let chain: Word[] = [];
  const closeChain = (): void => {
    if (chain.length > 0) groups.push(...groupsOfChain(text, chain));
    chain = [];
  };
  for (const match of text.matchAll(pieces)) {
    const { 0: piece, index: start, groups: found } = match;
    const previous = chain.at(-1);
    if (found?.['unspaced'] !== undefined) {
      closeChain();
      groups.push(charactersOf(piece, start));
    } else if (previous !== undefined && isPossessive(text, piece, previous, start)) {
      chain[chain.length - 1] = { ...previous, end: start + piece.length };
    } else {
      if (previous !== undefined && !isJoined(text.slice(previous.end, start), chain, piece)) closeChain();
      chain.push({ start, end: start + piece.length, terms: termsOf(piece) });
    }
  }
  closeChain();
  return groups;
}

/** "Crohn's" is Crohn. */
function isPossessive(text: string, piece: string, previous: Word, start: number): boolean {
  return (
    piece.toLowerCase() === 's' && start === previous.end + 1 && /['\u2019\u02bc]/u.test(text.charAt(previous.end))
  );
}

/** Whether what stands between two words makes one group of them. */
function isJoined(between: string, chain: readonly Word[], piece: string): boolean {
  if (chain.length >= maxParts) return false;
  const visible = between.replace(invisibleCharacters, '');
  if (/^[-‐‑‒–−]$/u.test(visible)) return true;
  const before = chain.at(-1)?.terms ?? [];
  const after = termsOf(piece);
  if (/^\^$/u.test(visible) || /^[.,]$/u.test(visible)) return isNumber(before.at(-1)) && isNumber(after[0]);
  if (/^ ?& ?$/u.test(visible) || visible === '/') return areUnitParts(visible, before, after);
  return visible === ' ' && isSymbolBeforeGreek(chain, after);
}

function isNumber(term: string | undefined): boolean {
  return term !== undefined && /^\d+$/u.test(term);
}

/** H&E, H & E, I/R, w/v: short parts with a letter in each. */
function areUnitParts(between: string, before: readonly string[], after: readonly string[]): boolean {
  const maxLength = between === '&' ? 3 : 2;
  return [before, after].every(
    ([term = '', ...more]) => more.length === 0 && term.length <= maxLength && /\p{L}/u.test(term),
  );
}

// "the alpha subunit" is no symbol.
const noSymbols = new Set(
  'a an and are as at by for from in is it of on or per than that the this to vs was were with'.split(' '),
);

function isSymbolBeforeGreek(chain: readonly Word[], after: readonly string[]): boolean {
  const before = chain.flatMap(({ terms }) => terms);
  // "TGF beta 1"
  if (after.length === 1 && /^\d{1,2}$/u.test(after[0] ?? ''))
    return before.length > 1 && isGreekName(before.at(-1) ?? '');
  const symbol = before.join('');
  return isGreekName(after[0] ?? '') && /^[a-z][a-z0-9]{1,5}$/u.test(symbol) && !noSymbols.has(symbol);
}

function groupsOfChain(text: string, chain: readonly Word[]): readonly WordGroup[] {
  const groups: WordGroup[] = [];
  let rest = chain;
  while (rest.length > 0) {
    const unitLength = lengthOfUnit(text, rest);
    if (unitLength > 1) {
      const words = rest.slice(0, unitLength);
      const form = words.map(({ terms }) => terms[0] ?? '').join(connector);
      groups.push({ kind: 'unit', words, forms: [form] });
      rest = rest.slice(unitLength);
    } else {
      const next = rest.findIndex((_word, i) => i > 0 && lengthOfUnit(text, rest.slice(i)) > 1);
      const words = next === -1 ? rest : rest.slice(0, next);
      groups.push(groupOf(text, words));
      rest = rest.slice(words.length);
    }
  }
  return groups;
}

function lengthOfUnit(text: string, words: readonly Word[]): number {
  let length = 1;
  while (length < words.length && /[&/]/u.test(between(text, words, length))) length += 1;
  return length;
}

function between(text: string, words: readonly Word[], index: number): string {
  return text.slice(words[index - 1]?.end, words[index]?.start);
}

function groupOf(text: string, words: readonly Word[]): WordGroup {
  const isLoose = words.some((_word, i) => i > 0 && between(text, words, i) === ' ');
  const forms = words.flatMap((word) =>
    formsOfWord(text.slice(word.start, Math.min(word.end, word.start + maxWordLength)), word.terms),
  );
  // A chain with blanks in it may end at each of them: "TGF beta 1" is "TGF beta" as well.
  for (let length = 1; length <= words.length; length++) {
    const isEnd = length === words.length || between(text, words, length) === ' ';
    const parts = words.slice(0, length).flatMap(({ terms }) => terms);
    if (isEnd && parts.length > 1 && !parts.every((part) => isNumber(part))) forms.push(...joinedSymbols(parts));
  }
  return {
    kind: isLoose ? 'loose' : 'word',
    words,
    forms: [...new Set(forms)].filter((form) => form.length <= maxFormLength),
  };
}

/** Other spellings of one word: "uebersicht" for Übersicht, "rna2" for RNA². */
function formsOfWord(word: string, terms: readonly string[]): readonly string[] {
  const respelled = respelledWord(word.replace(invisibleCharacters, ''));
  const raised = raisedNumber.exec(word);
  const withNumber = raised !== null && terms.length === 1 && !/\d$/u.test(terms[0] ?? '') ? [foldWord(word)] : [];
  return [...(respelled === null ? [] : [respelled]), ...withNumber];
}

function termsOf(piece: string): readonly string[] {
  const word = piece.slice(0, maxWordLength).replace(invisibleCharacters, '').replace(footnoteLetters, '');
  const raised = raisedNumber.exec(word);
  if (raised === null) return plainTerms(word);
  const [, before = '', letters = '', number = ''] = raised;
  const base = plainTerms(before + letters);
  // 10⁶ is 10^6; cm² is a unit; a number on a longer word cites something.
  if (letters === '') return [...base, foldWord(number)];
  if (letters.length > 2) return base;
  return [...base.slice(0, -1), `${base.at(-1) ?? ''}${foldWord(number)}`];
}

function plainTerms(word: string): readonly string[] {
  const micro = microUnit.exec(word.normalize('NFC'));
  if (micro !== null)
    return [micro[1], `u${micro[2]?.toLowerCase() ?? ''}`].filter(
      (term) => term !== undefined && term !== '',
    ) as string[];
  return foldWord(word)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .flatMap((folded) => spellGreek(folded).split(' '))
    .flatMap((term) => numberWithUnit.exec(term)?.slice(1) ?? [term])
    .filter((term) => term !== '');
}

function charactersOf(piece: string, start: number): WordGroup {
  const characters: Word[] = [];
  let at = start;
  for (const part of piece.match(/[^\p{Cf}]\p{Cf}*/gu) ?? [piece]) {
    characters.push({ start: at, end: at + part.length, terms: [foldWord(part)] });
    at += part.length;
  }
  const words = characters.map(({ start: from, end, terms }, i): Word => {
    const next = characters[i + 1];
    return next === undefined
      ? { start: from, end, terms }
      : { start: from, end: next.end, terms: [`${terms[0] ?? ''}${next.terms[0] ?? ''}`] };
  });
  return { kind: 'characters', words, forms: [] };
}
