import { detectImageKind, otherFile } from '../file-name-kinds.js';
import type { MediaNames } from './media-names.js';

export function isXmlName(name: string): boolean {
  return /\.(?:xml|nxml)$/i.test(name);
}

/** Why a file beside articles was not taken. */
export function reasonForUnused(file: string, names: MediaNames): string {
  if (isXmlName(file)) return 'an XML file that holds no article of JATS or NLM, or nothing';
  if (detectImageKind(file) === null) return otherFile(file);
  return names.isFurtherForm(file) ? 'a further form of a picture that was taken' : 'no figure of an article names it';
}
