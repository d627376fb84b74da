/** Ids of articles are written in several ways; these functions give the one that is stored and compared. */

const doiPrefix = /^(?:https?:\/\/(?:dx\.|www\.)?doi\.org\/|doi:\s*|doi\s+)+/iu;

/**
 * A DOI without a resolver's address and in lower case: DOIs are compared without case (ISO 26324, DOI Handbook 2.4).
 * A percent-encoded resolver address is decoded.
 */
export function normalizeDoi(given: string): string {
  const written = trimmed(given);
  const bare = written.replace(doiPrefix, '');
  return (bare === written ? bare : decoded(bare)).toLowerCase();
}

/** A PubMed Central id with its prefix: "PMC123" for "123", "pmc123", "PMCID: PMC123" and an article's address. */
export function normalizePmcid(given: string): string {
  const written = trimmed(given);
  const number = /^(?:.*\/articles\/)?(?:PMCID:?\s*)?(?:PMC\s*)?(\d+)(?:\.\d+)?\/?$/iu.exec(written)?.[1];
  return number === undefined ? written.toUpperCase() : `PMC${number}`;
}

/** A PubMed id as its number: "123" for "PMID: 123" and an address of PubMed. */
export function normalizePmid(given: string): string {
  const written = trimmed(given);
  return /^(?:https?:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/|PMID:?\s*)?(\d+)\/?$/iu.exec(written)?.[1] ?? written;
}

/** One of an article's ids in the form that is stored. */
export function normalizeArticleId(kind: 'doi' | 'pmcid' | 'pmid', given: string): string {
  return { doi: normalizeDoi, pmcid: normalizePmcid, pmid: normalizePmid }[kind](given);
}

/** @returns null for an id that is absent or blank */
export function articleIdOrNull(kind: 'doi' | 'pmcid' | 'pmid', given: string | null | undefined): string | null {
  if (given == null) return null;
  const normalized = normalizeArticleId(kind, given);
  return normalized === '' ? null : normalized;
}

/** Longer texts are no ids, and are not looked at further. */
const maxLength = 500;

function trimmed(given: string): string {
  return given.slice(0, maxLength).trim();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
