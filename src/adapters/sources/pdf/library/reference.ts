import type { ArticleRecord } from '../../../../domain/figure-record.js';

/** An entry of a library of references. */
export interface Reference {
  readonly article: ArticleRecord;
  /** Paths of its attachments, relative to the file of the library. */
  readonly files: readonly string[];
}

/** Fields of an entry, whatever the form it is written in. */
export interface ReferenceFields {
  readonly title: string | null;
  readonly authors: readonly string[];
  readonly journal: string | null;
  readonly date: string | null;
  readonly doi: string | null;
  readonly pmid: string | null;
  readonly pmcid: string | null;
  readonly url: string | null;
  /** Free text in which ids may stand, as Zotero writes them: `PMCID: PMC123`. */
  readonly notes: string;
  readonly files: readonly string[];
}

/** @returns null for an entry without title and ids */
export function toReference({ notes, files, date, ...fields }: ReferenceFields): Reference | null {
  const pmid = fields.pmid ?? /\bPMID:?\s*(\d+)/i.exec(notes)?.[1] ?? null;
  const pmcid = fields.pmcid ?? /\bPMC\d+/i.exec(notes)?.[0] ?? null;
  const title = fields.title ?? fields.doi ?? pmcid ?? pmid;
  if (title === null) return null;
  const year = Number(/\b(?:1[5-9]|20|21)\d{2}\b/.exec(date ?? '')?.[0] ?? 0);
  return {
    article: { ...fields, authors: [...fields.authors], title, pmid, pmcid, year: year === 0 ? null : year },
    files,
  };
}

/** “Byron, Ada” as “Ada Byron”. */
export function givenNameFirst(name: string): string {
  const [family = '', given = '', suffix = ''] = name.split(',').map((part) => part.trim());
  return [given, family, suffix].filter((part) => part !== '').join(' ');
}
