import { markedText, referenceMark } from './plain-text.js';
import { findAll, nearestAncestor } from './xml-queries.js';
import type { XmlElement } from './xml-tree.js';

/** Elements that hold sentences. */
const paragraphs = ['p', 'title', 'td', 'th', 'list-item'] as const;
/** Parts of an article with figures of their own. */
export const articleNames = ['article', 'sub-article', 'response'] as const;

/** Sentences end with a point, and so do these. */
const abbreviation =
  /(?:\b(?:al|approx|ca|cf|Dr|e\.g|Eqs?|et|Figs?|figs?|Figura|i\.e|max|min|Nos?|no|pp?|Prof|Refs?|resp|Secs?|Sects?|spp?|St|Suppl?|Tabs?|var|Vol|vol|vs)|\b\p{Lu})\.[)\]]?\s*$/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The sentences of the paragraphs that refer to figures, by the id that they refer to. */
export type Mentions = ReadonlyMap<string, readonly string[]>;

/**
 * Finds the sentences that refer to each figure by an `xref`, in the order of the article, each once. A figure's caption
 * that refers to the figure itself is none.
 * @param scope an article or sub-article; what its sub-articles say is theirs
 * @param figureIds ids of the elements that are asked about
 */
export function readMentions(scope: XmlElement, figureIds: ReadonlySet<string>): Mentions {
  const paragraphsOfScope = new Set<XmlElement>();
  for (const element of findAll(scope, 'xref')) {
    if (!idsOf(element).some((id) => figureIds.has(id))) continue;
    const paragraph =
      nearestAncestor(element, ...articleNames) === scope ? nearestAncestor(element, ...paragraphs) : null;
    if (paragraph !== null) paragraphsOfScope.add(paragraph);
  }
  const found = new Map<string, Set<string>>();
  for (const paragraph of paragraphsOfScope) {
    const own = nearestAncestor(paragraph, 'fig')?.attributes.get('id');
    for (const { ids, sentence } of sentencesWith(paragraph, figureIds)) {
      for (const id of ids) if (id !== own) found.set(id, (found.get(id) ?? new Set()).add(sentence));
    }
  }
  return new Map([...found].map(([id, sentences]) => [id, [...sentences]]));
}

/** Sentences that refer to figures, with the ids that each refers to. */
function sentencesWith(
  paragraph: XmlElement,
  figureIds: ReadonlySet<string>,
): readonly { readonly ids: readonly string[]; readonly sentence: string }[] {
  // In the order of the marks in the text.
  const marked: (readonly string[])[] = [];
  const text = markedText(paragraph, (xref) => {
    const ids = idsOf(xref).filter((id) => figureIds.has(id));
    if (ids.length > 0) marked.push(ids);
    return ids.length > 0;
  });
  let mark = 0;
  return sentencesOf(text).map((sentence) => {
    const count = sentence.split(referenceMark).length - 1;
    const ids = marked.slice(mark, mark + count).flat();
    mark += count;
    return { ids, sentence: sentence.replaceAll(referenceMark, '') };
  });
}

/** An `xref` may name several elements, with blanks between their ids. */
function idsOf(xref: XmlElement): readonly string[] {
  return (xref.attributes.get('rid') ?? '').split(/\s+/).filter((id) => id !== '');
}

/** Sentences by the rules of Unicode (UAX 29), joined where one ends with an abbreviation. */
export function sentencesOf(text: string): readonly string[] {
  const sentences: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const before = sentences.at(-1);
    if (before !== undefined && abbreviation.test(before.slice(-20)))
      sentences[sentences.length - 1] = before + segment;
    else sentences.push(segment);
  }
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}
