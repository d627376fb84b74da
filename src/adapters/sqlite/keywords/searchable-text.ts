import { readableText } from '../../../domain/readable-text.js';
import { analyzeText, connector } from '../../../domain/text/analyze-text.js';
import { foldWord } from '../../../domain/text/fold-text.js';

/** Begins each id in the keyword index, so that no word of a text is ever an id. */
const idMark = '\ue002';

/** Parts the text from the other spellings of its words, so that no phrase goes from one into the other. */
const formsMark = '\ue001';

/** What the keyword index keeps of a text: its terms in their order, then the other spellings of its words. */
export function searchableText(text: string): string {
  const groups = analyzeText(readableText(text));
  const terms = groups.flatMap(({ words }) => words.flatMap((word) => word.terms));
  const forms = new Set(groups.flatMap((group) => group.forms));
  return forms.size === 0 ? terms.join(' ') : [...terms, formsMark, ...forms].join(' ');
}

/** What the keyword index keeps of ids: each is one term, and none of its parts is a word. */
export function searchableIds(ids: readonly (string | null)[]): string {
  return ids.flatMap((id) => (id === null || id.trim() === '' ? [] : [idTerm(id)])).join(' ');
}

/** The term of an id: case and the kind of punctuation in it do not count. */
export function idTerm(id: string): string {
  return (
    idMark +
    foldWord(id)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      .replaceAll(' ', connector)
  );
}
