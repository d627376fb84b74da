import { FigseekError } from '../../../domain/errors.js';

/** An article of PubMed Central, or one of its versions. */
export interface PmcId {
  /** `PMC8253867` */
  readonly article: string;
  /** Null for the one that is best. */
  readonly version: number | null;
}

const prefix = /^pmc:/i;

/** Whether a source is an article of PubMed Central by its name, and no path. */
export function isPmcSource(source: string): boolean {
  return prefix.test(source);
}

/** Whether a source is an article by its name. @throws {FigseekError} BAD_USER_INPUT where it begins like one, and is none */
export function isPmcArticle(source: string): boolean {
  if (!isPmcSource(source)) return false;
  parsePmcSource(source);
  return true;
}

/** @param source as `pmc:PMC8253867`, or `pmc:PMC8253867.2` for a version @throws {FigseekError} BAD_USER_INPUT */
export function parsePmcSource(source: string): PmcId {
  const [, digits, version] = /^(?:PMC)?([1-9]\d{0,11})(?:\.(\d{1,4}))?$/i.exec(source.replace(prefix, '')) ?? [];
  if (digits === undefined) {
    const expected = 'expected pmc:PMC8253867, or pmc:PMC8253867.2 for a version';
    throw new FigseekError('BAD_USER_INPUT', `${source.slice(0, 100)} is no article of PubMed Central; ${expected}`);
  }
  return { article: `PMC${digits}`, version: version === undefined ? null : Number(version) };
}

export function versionOf({ article }: PmcId, version: number): string {
  return `${article}.${version}`;
}
