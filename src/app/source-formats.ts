import { sourceFormats, type SourceFormat } from '../adapters/sources/open-source.js';
import { FigseekError } from '../domain/errors.js';

export { sourceFormats };
export { isImageName } from '../adapters/sources/file-name-kinds.js';
export { isPmcArticle, isPmcSource } from '../adapters/sources/pmc/pmc-id.js';

/** @throws {FigseekError} BAD_USER_INPUT for a format that is none */
export function parseSourceFormat(format: string): SourceFormat {
  const known = sourceFormats.find((one) => one === format);
  if (known !== undefined) return known;
  const expected = `Expected a format of ${sourceFormats.join(', ')}`;
  throw new FigseekError('BAD_USER_INPUT', `${expected} but received ${format.slice(0, 60)}`);
}
