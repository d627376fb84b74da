import { FigseekError } from '../../domain/errors.js';

/** Below what operating systems take, with room for the data folder. */
const maxPathBytes = 1000;
const maxDepth = 20;
const maxNameBytes = 200;

/** @throws {FigseekError} BAD_USER_INPUT for a name that is no path below a folder */
export function partsOf(name: string): readonly string[] {
  const parts = name.split('/');
  const isWrong = (part: string): boolean =>
    part === '' || part.startsWith('.') || /[\p{Cc}\\:]/u.test(part) || Buffer.byteLength(part) > maxNameBytes;
  if (Buffer.byteLength(name) <= maxPathBytes && parts.length <= maxDepth && !parts.some(isWrong)) return parts;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected the name of a file as figure.png or folder/figure.png (at most ${maxPathBytes} bytes in ${maxDepth} parts of ${maxNameBytes} bytes, none that begins with a dot, no control characters, no \\ and no :) but received ${name.slice(0, 100)}`,
  );
}
