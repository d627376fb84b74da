import { stemmer } from 'stemmer';
import { analyzeText } from '../domain/text/analyze-text.js';
import type { MarkedTerms } from '../domain/text/marked-terms.js';

const maxLength = 320;
const maxSentences = 24;
const maxAbbreviationLength = 12;
const splitter = new Intl.Segmenter('en', { granularity: 'sentence' });

// Unicode's rules end a sentence at these where a capital or a number follows.
const abbreviations =
  'fig figs tab tabs suppl supp ext ref refs eq eqs sec no nos vol pp ed eds al vs cf ca approx resp incl e.g i.e sp spp ' +
  'subsp var cv st dr prof mr mrs ms inc ltd co min max temp dept univ';
const abbreviation = new RegExp(
  String.raw`(?:^|[\s(\[–—-])(?:${abbreviations
    .replaceAll('.', String.raw`\.`)
    .split(' ')
    .join('|')}|\p{Lu})\.$`,
  'iu',
);
const initial = /(?:^|[\s(])\p{Lu}\.$/u;

/** Sentences of a text, without white space around them. */
export function splitSentences(text: string): readonly string[] {
  const sentences: string[] = [];
  let open = '';
  for (const { segment } of splitter.segment(text)) {
    open += segment;
    if (endsWithAbbreviation(segment.trimEnd().slice(-maxAbbreviationLength))) continue;
    sentences.push(open.trim());
    open = '';
  }
  sentences.push(open.trim());
  return sentences.filter((sentence) => sentence !== '').slice(0, maxSentences);
}

/** A part of a text, from `start` up to `end`, that a query matches, and the terms by which it does. */
interface Match {
  readonly start: number;
  readonly end: number;
  readonly terms: readonly string[];
}

/**
 * The sentence with the most of the terms, each marked by `<mark>`; everything else is escaped for HTML.
 * @param marked terms of the query, compared by their stems as the keyword index does (Porter)
 * @returns null where no sentence holds one
 */
export function wordSnippet(sentences: readonly string[], marked: MarkedTerms): string | null {
  const wanted = { stems: new Set(marked.terms.map((term) => stemmer(term))), prefixes: marked.prefixes };
  let best: { readonly sentence: string; readonly matches: readonly Match[]; readonly count: number } | null = null;
  for (const sentence of sentences) {
    const matches = matchesIn(sentence, wanted);
    const count = new Set(matches.flatMap(({ terms }) => terms)).size;
    if (count > (best?.count ?? 0)) best = { sentence, matches, count };
  }
  return best === null ? null : markedPart(best.sentence, best.matches);
}

/** A sentence without marks, escaped, cut at a word. */
export function plainSnippet(sentence: string): string {
  return markedPart(sentence, []);
}

function endsWithAbbreviation(text: string): boolean {
  return abbreviation.test(text) && (initial.test(text) || !/\p{Lu}\.$/u.test(text));
}

interface Wanted {
  readonly stems: ReadonlySet<string>;
  readonly prefixes: readonly string[];
}

/** In their order, none within another. */
function matchesIn(sentence: string, { stems, prefixes }: Wanted): readonly Match[] {
  const matching = (terms: readonly string[]): readonly string[] =>
    terms
      .filter((term) => stems.has(stemmer(term)) || prefixes.some((prefix) => term.startsWith(prefix)))
      .map((term) => stemmer(term));
  const found: Match[] = [];
  for (const { words, forms } of analyzeText(sentence)) {
    const [first] = words;
    const last = words.at(-1);
    const ofGroup = matching(forms);
    if (ofGroup.length > 0 && first !== undefined && last !== undefined) {
      found.push({ start: first.start, end: last.end, terms: ofGroup });
    }
    for (const { start, end, terms } of words) {
      const ofWord = matching(terms);
      if (ofWord.length > 0) found.push({ start, end, terms: ofWord });
    }
  }
  return merged(found);
}

function merged(matches: readonly Match[]): readonly Match[] {
  const result: { start: number; end: number; terms: string[] }[] = [];
  for (const { start, end, terms } of matches.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const previous = result.at(-1);
    if (previous === undefined || start >= previous.end) result.push({ start, end, terms: [...terms] });
    else {
      previous.end = Math.max(previous.end, end);
      previous.terms.push(...terms);
    }
  }
  return result;
}

/** The part around the first match, with an ellipsis where something was left out. */
function markedPart(sentence: string, matches: readonly Match[]): string {
  const { from, to } = partAround(sentence, matches[0]?.start ?? 0);
  let html = from > 0 ? '… ' : '';
  let done = from;
  for (const { start, end } of matches) {
    if (end > to || start < from) continue;
    html += `${escaped(sentence.slice(done, start))}<mark>${escaped(sentence.slice(start, end))}</mark>`;
    done = end;
  }
  return `${html}${escaped(sentence.slice(done, to))}${to < sentence.length ? ' …' : ''}`;
}

/** At most `maxLength` characters that hold the place `at`, from the beginning of a word to the end of one. */
function partAround(sentence: string, at: number): { readonly from: number; readonly to: number } {
  if (sentence.length <= maxLength) return { from: 0, to: sentence.length };
  const space = sentence.indexOf(' ', at - 80);
  const start = space >= 0 && space < at ? space + 1 : at - 80;
  const from = at < maxLength - 40 ? 0 : start;
  if (from + maxLength >= sentence.length) return { from, to: sentence.length };
  const last = sentence.lastIndexOf(' ', from + maxLength);
  return { from, to: last > at ? last : from + maxLength };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
