import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { detectImageKind, otherFile } from '../file-name-kinds.js';
import type { MediaNames } from './media-names.js';

export function isXmlName(name: string): boolean {
  return /\.(?:xml|nxml)$/i.test(name);
}

export function leftOut(sourceKey: string, reason: string): SourceItem {
  return { kind: 'left-out', sourceKey, reason };
}

/** What an article that cannot be read says of itself. */
export function faultOf(sourceKey: string, error: unknown, about = ''): SourceItem {
  const code = error instanceof FigseekError ? error.code : 'BAD_RECORD';
  return { kind: 'fault', sourceKey, code, message: `${about}${messageOf(error)}` };
}

/** Why a file beside articles was not taken. */
export function reasonForUnused(file: string, names: MediaNames): string {
  if (isXmlName(file)) return 'an XML file that holds no article of JATS or NLM, or nothing';
  if (detectImageKind(file) === null) return otherFile(file);
  return names.isFurtherForm(file) ? 'a further form of a picture that was taken' : 'no figure of an article names it';
}
