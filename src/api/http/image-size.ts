import { FigseekError } from '../../domain/errors.js';

/** `size` of an address: the longest side; null where it is not given. @throws {FigseekError} BAD_USER_INPUT */
export function validateImageSize(size: string | undefined): number | null {
  if (size === undefined) return null;
  const value = /^\d{1,5}$/.test(size) ? Number(size) : 0;
  if (value < 1 || value > 10_000) {
    throw new FigseekError('BAD_USER_INPUT', `Expected size to be from 1 to 10000 but received ${size.slice(0, 20)}`);
  }
  return value;
}
