import type { TextLine } from './text-lines.js';

/** What a PDF says of the article in it. */
export interface DocumentFacts {
  readonly title: string | null;
  readonly authors: readonly string[];
  readonly doi: string | null;
}

/** Titles that programs write where nobody gave one. */
const noTitle =
  /^(?:untitled|microsoft word|powerpoint|slide \d|doi:|\S+\.(?:docx?|pdf|indd|dvi|tex|qxd|rtf|fm)$|[\d\W_]*$)/i;
/** A comma counts where a full name follows it: in “Byron, Ada” it does not. */
const betweenAuthors = /\s*;\s*|,?\s+and\s+|,\s+(?=\p{Lu}\S* \p{Lu})/u;
const doiPattern = /\b10\.\d{4,9}\/[^\s"<>]+/;

/**
 * @param info of the document, as its program wrote it
 * @param first lines of the first page
 */
export function readFacts(info: Readonly<Record<string, unknown>>, first: readonly TextLine[]): DocumentFacts {
  const title = textOf(info['Title']);
  const author = textOf(info['Author']);
  const words = [info['Subject'], info['Keywords'], info['doi'], info['DOI'], info['Title']].map(textOf).join(' ');
  return {
    title: title !== null && !noTitle.test(title) && title.includes(' ') ? title : null,
    authors: author === null ? [] : author.split(betweenAuthors).filter((name) => name !== ''),
    doi: doiOf(words) ?? doiOf(first.map(({ text }) => text).join('\n')),
  };
}

/** The first DOI of a text, without the punctuation behind it. */
function doiOf(text: string): string | null {
  const found = doiPattern.exec(text)?.[0].replace(/[.,;:\])}]+$/, '');
  return found ?? null;
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(/\p{Cc}/gu, ' ').trim();
  return text === '' ? null : text.slice(0, 1000);
}
