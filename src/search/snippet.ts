import { stemmer } from 'stemmer';
import { plainWords } from '../store/keywords/searchable-text.js';

const longest = 320;
const mostSentences = 24;
const splitter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Sentences of a text, without white space around them. */
export function sentencesOf(text: string): readonly string[] {
  return Array.from(splitter.segment(text), ({ segment }) => segment.trim())
    .filter((sentence) => sentence !== '')
    .slice(0, mostSentences);
}

/**
 * The sentence with the most of the words, each marked by `<mark>`; everything else is escaped for HTML.
 * @param words lower-case words, compared by their stems as the keyword index does (Porter)
 * @returns null where no sentence holds one
 */
export function wordSnippet(sentences: readonly string[], words: readonly string[]): string | null {
  const stems = new Set(words.map((word) => stemmer(word)));
  let best: { readonly sentence: string; readonly found: number } | null = null;
  for (const sentence of sentences) {
    const found = new Set(
      plainWords(sentence)
        .map((word) => stemmer(word))
        .filter((stem) => stems.has(stem)),
    ).size;
    if (found > (best?.found ?? 0)) best = { sentence, found };
  }
  return best === null ? null : marked(best.sentence, stems);
}

/** A sentence without marks, escaped, cut at a word. */
export function plainSnippet(sentence: string): string {
  return escaped(cut(sentence, 0));
}

function marked(sentence: string, stems: ReadonlySet<string>): string {
  const isWanted = (piece: string): boolean => plainWords(piece).some((word) => stems.has(stemmer(word)));
  const first = sentence.split(/([\p{L}\p{N}]+)/u).findIndex((piece, i) => i % 2 === 1 && isWanted(piece));
  const before = sentence
    .split(/([\p{L}\p{N}]+)/u)
    .slice(0, Math.max(0, first))
    .join('').length;
  return cut(sentence, before)
    .split(/([\p{L}\p{N}]+)/u)
    .map((piece, i) => (i % 2 === 1 && isWanted(piece) ? `<mark>${escaped(piece)}</mark>` : escaped(piece)))
    .join('');
}

/** At most `longest` characters that hold the place `at`, with an ellipsis where something was left out. */
function cut(sentence: string, at: number): string {
  if (sentence.length <= longest) return sentence;
  const from = at < longest - 40 ? 0 : sentence.indexOf(' ', at - 80) + 1;
  const to = sentence.lastIndexOf(' ', from + longest);
  const end = to > from ? to : from + longest;
  return `${from > 0 ? '… ' : ''}${sentence.slice(from, end)}${end < sentence.length ? ' …' : ''}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
