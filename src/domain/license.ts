const address =
  /creativecommons\.org\/(?:licen[sc]es\/(?<kind>by(?:-(?:nc|nd|sa))*)(?=[/?#.,;)"'<>\]]|\s(?!\p{Pd})|$)(?:\/(?<version>\d\.\d)(?<igo>\/igo\b)?)?|publicdomain\/(?<free>zero|mark)\/(?<freeVersion>\d\.\d))/iu;

/**
 * The code of a license by its address: `CC-BY-NC-4.0`, `CC0-1.0`, `CC-PDM-1.0` (the mark of the public domain).
 * Codes are those of the SPDX License List, where it has the license; an address without version gives a code without one.
 * @returns null for an address of no known license
 */
export function licenseOfAddress(text: string): string | null {
  const { kind, version, igo, free, freeVersion = '' } = address.exec(text)?.groups ?? {};
  if (free !== undefined) return `${free.toLowerCase() === 'zero' ? 'CC0' : 'CC-PDM'}-${freeVersion}`;
  if (kind === undefined) return null;
  return creativeCommons({
    has: (part) => kind.toLowerCase().split('-').includes(part),
    version: version ?? null,
    isIgo: igo !== undefined,
  });
}

/** The code of a license by an address in a text, else by its words. @returns null where neither names a license that is known */
export function licenseOfText(text: string): string | null {
  return licenseOfAddress(text) ?? licenseOfWords(text);
}

/** Words that take back what stands behind them. */
const refuses = /\bnot\b|\bexclud|\bexcept\b|with (?:kind )?permission|outside (?:of )?the/u;
const isPublicDomain = /public domain|works? of the (?:united states|u\. ?s\.?|us) government/u;

/** How far behind the name of a license its conditions are told. */
const told = 260;

/**
 * The code of a license by words as publishers print them, “distributed under the Creative Commons Attribution License 4.0”.
 * @returns `public-domain` for a work without copyright, `other:pmc-covid` for PubMed Central's terms for articles on COVID-19,
 *   null where the words name no license that is known
 */
export function licenseOfWords(given: string): string | null {
  const text = given.replace(/[\s\p{Pd}/]+/gu, ' ').toLowerCase();
  if (text.includes('pmc open access subset') && text.includes('covid')) return 'other:pmc-covid';
  if (/public domain mark/u.test(text)) return 'CC-PDM-1.0';
  const start = text.search(/creative commons|\bcc by\b|\bcc ?0\b/u);
  if (refuses.test(start < 0 ? text : text.slice(Math.max(0, start - 100), start))) return null;
  if (start < 0) return isPublicDomain.test(text) ? 'public-domain' : null;
  const isWaiver = /\bcc ?0\b|creative commons zero|public domain dedication/u.test(text);
  if (isWaiver && !text.includes('creative commons attribution')) return 'CC0-1.0';
  const words = text.slice(start, start + told).replace(/\bcommercial (?:and|or) non ?commercial/gu, '');
  if (!/attribution|\bby\b|sharealike|share alike/u.test(words)) return null;
  const has: Readonly<Record<string, RegExp>> = {
    nc: /non ?commercial|\bby nc\b/u,
    nd: /no ?deriv|\bnd\b/u,
    sa: /share ?alike|\bsa\b/u,
  };
  const version =
    /(?:licen[cs]e|international|unported|version|attribution|deriv(?:ative)?s|alike|commercial|\bby(?: n[cd]| sa)*) ?(?:cc by )?(\d\.\d)/u.exec(
      words,
    );
  return creativeCommons({
    has: (part) => has[part]?.test(words) ?? false,
    version: version?.[1] ?? null,
    isIgo: false,
  });
}

function creativeCommons({
  has,
  version,
  isIgo,
}: {
  readonly has: (part: string) => boolean;
  readonly version: string | null;
  readonly isIgo: boolean;
}): string {
  const parts = ['CC', 'BY'];
  if (has('nc')) parts.push('NC');
  // No license has both: what may not be changed needs no rule for changed copies.
  if (has('nd')) parts.push('ND');
  else if (has('sa')) parts.push('SA');
  if (version !== null) parts.push(version);
  if (isIgo) parts.push('IGO');
  return parts.join('-');
}
