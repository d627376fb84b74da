import { markedText, referenceMark } from './plain-text.js';
import { descendantsOf, nearestAncestor } from './xml-queries.js';
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
  const references = new Map<XmlElement, Set<string>>();
  for (const element of descendantsOf(scope)) {
    if (element.name !== 'xref' || nearestAncestor(element, ...articleNames) !== scope) continue;
    const paragraph = nearestAncestor(element, ...paragraphs);
    if (paragraph === null) continue;
    const own = nearestAncestor(element, 'fig')?.attributes.get('id');
    for (const id of idsOf(element)) {
      if (id === own || !figureIds.has(id)) continue;
      const named = references.get(paragraph) ?? new Set();
      references.set(paragraph, named.add(id));
    }
  }
  const found = new Map<string, Set<string>>();
  for (const [paragraph, ids] of references) {
    for (const id of ids) {
      const sentences = found.get(id) ?? new Set();
      for (const sentence of sentencesWith(paragraph, id)) sentences.add(sentence);
      found.set(id, sentences);
    }
  }
  return new Map([...found].map(([id, sentences]) => [id, [...sentences]]));
}

function sentencesWith(paragraph: XmlElement, id: string): readonly string[] {
  const text = markedText(paragraph, (xref) => idsOf(xref).includes(id));
  return sentencesOf(text)
    .filter((sentence) => sentence.includes(referenceMark))
    .map((sentence) => sentence.replaceAll(referenceMark, ''));
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
    if (before !== undefined && abbreviation.test(before)) sentences[sentences.length - 1] = before + segment;
    else sentences.push(segment);
  }
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}
