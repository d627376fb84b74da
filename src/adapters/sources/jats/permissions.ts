import { licenseOfAddress, licenseOfText, licenseOfWords } from '../../../domain/license.js';
import { childrenOf, findAll, simpleText } from './xml-queries.js';
import type { XmlElement } from './xml-tree.js';

/** What an article or a figure allows. */
export interface Permissions {
  /** Code of the license; null where none is granted, or none that is known. */
  readonly license: string | null;
  /** The license in the publisher's words, or else whose the copyright is. */
  readonly words: string | null;
}

/** Says of data that it is free, beside the license of the article. */
const isForData = (words: string): boolean => /attribution/i.test(words) && /data/.test(words);

/**
 * Reads the license of permissions. Trusted in this order: the address of the license element, that of a license
 * reference, a link in its words, an address in its words, its words, the copyright statement.
 * @param holder `permissions`, or in NLM 2 the element that holds license and copyright statement itself
 */
export function readPermissions(holder: XmlElement): Permissions {
  const licenses = findLicenses(holder);
  const statements = statementsOf(holder);
  const words = (licenses.length > 0 ? licenses : statements).map(simpleText).join(' ');
  const codes = [
    () => firstOf(licenses, (license) => licenseOfAddress(hrefOf(license))),
    () => firstOf(licenses, licenseOfReference),
    () => firstOf(licenses, licenseOfLink),
    () => firstOf(licenses, licenseOfAddressInWords),
    () => firstOf(licenses, (license) => licenseOfWords(simpleText(license))),
    () => firstOf(statements, (statement) => licenseOfText(simpleText(statement))),
  ];
  const license = firstOf(codes, (read) => read());
  return { license, words: words === '' ? null : words };
}

/** In NLM 2 these are children of the article's metadata, where other elements have permissions of their own. */
function findLicenses(holder: XmlElement): readonly XmlElement[] {
  return holder.name === 'permissions' ? findAll(holder, 'license') : childrenOf(holder, 'license');
}

function statementsOf(holder: XmlElement): readonly XmlElement[] {
  const name = 'copyright-statement';
  return holder.name === 'permissions' ? findAll(holder, name) : childrenOf(holder, name);
}

function licenseOfReference(license: XmlElement): string | null {
  return firstOf(findAll(license, 'license_ref'), (reference) => licenseOfAddress(simpleText(reference)));
}

function licenseOfLink(license: XmlElement): string | null {
  const words = simpleText(license);
  return firstOf(findAll(license, 'ext-link', 'uri'), (link) => {
    const code = licenseOfAddress(hrefOf(link)) ?? licenseOfAddress(simpleText(link));
    return code?.startsWith('CC0') === true && isForData(words) ? null : code;
  });
}

function licenseOfAddressInWords(license: XmlElement): string | null {
  const words = simpleText(license);
  const addresses = words.match(/creativecommons\.org\/[\w./-]+/gi) ?? [];
  return firstOf(addresses, (found) => {
    const code = licenseOfAddress(found);
    return code?.startsWith('CC0') === true && isForData(words) ? null : code;
  });
}

function hrefOf(element: XmlElement): string {
  return element.attributes.get('href') ?? '';
}

function firstOf<Item>(items: readonly Item[], read: (item: Item) => string | null): string | null {
  for (const item of items) {
    const found = read(item);
    if (found !== null) return found;
  }
  return null;
}
