import { z } from 'zod';
import { toReference, type Reference } from './reference.js';

const text = z.string().nullish();
const textOrNumber = z.union([z.string(), z.number()]).nullish();

/** An item of CSL-JSON, as Zotero exports it; it names no attachments. */
const item = z.object({
  title: text,
  author: z.array(z.object({ family: text, given: text, literal: text })).nullish(),
  'container-title': z.union([z.string(), z.array(z.string())]).nullish(),
  issued: z.object({ 'date-parts': z.array(z.array(textOrNumber)).nullish(), raw: text }).nullish(),
  DOI: text,
  PMID: textOrNumber,
  PMCID: text,
  URL: text,
  note: text,
});

/** Items of CSL-JSON; null for JSON of another form. @throws {SyntaxError} for what is no JSON */
export function parseCslJson(text: string): readonly Reference[] | null {
  const parsed = z.array(z.unknown()).safeParse(JSON.parse(text));
  if (!parsed.success || !parsed.data.some((one) => typeof one === 'object' && one !== null && 'type' in one))
    return null;
  return parsed.data.flatMap((one) => {
    const given = item.safeParse(one);
    return given.success ? (toEntry(given.data) ?? []) : [];
  });
}

function toEntry(given: z.infer<typeof item>): Reference | null {
  const authors = (given.author ?? []).map(({ family, given: first, literal }) =>
    [first, family, literal].filter((part) => part != null && part !== '').join(' '),
  );
  const journal = given['container-title'] ?? null;
  const pmid = given.PMID ?? null;
  return toReference({
    title: given.title ?? null,
    authors: authors.filter((name) => name !== ''),
    journal: Array.isArray(journal) ? (journal[0] ?? null) : journal,
    date: String(given.issued?.['date-parts']?.[0]?.[0] ?? given.issued?.raw ?? ''),
    doi: given.DOI ?? null,
    pmid: pmid === null ? null : String(pmid),
    pmcid: given.PMCID ?? null,
    url: given.URL ?? null,
    notes: given.note ?? '',
    files: [],
  });
}
