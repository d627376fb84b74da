import { InvalidArgumentError } from 'commander';

/** The value of an option that counts something. @throws {InvalidArgumentError} where it is no whole number from 1 */
export function wholeNumber(text: string): number {
  return atLeast(text, 1);
}

/** The same where 0 has a meaning of its own. */
export function wholeNumberFromZero(text: string): number {
  return atLeast(text, 0);
}

/** Whole numbers from 1, with commas between them. */
export function wholeNumbers(text: string): readonly number[] {
  return text.split(',').map((part) => atLeast(part.trim(), 1));
}

/** Texts with commas between them. */
export function texts(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}

/** @throws {InvalidArgumentError} where the text is no number above 0 */
export function positiveNumber(text: string): number {
  const value = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (value > 0) return value;
  throw new InvalidArgumentError(`expected a number above 0 but received ${text}`);
}

/** A share or a similarity. @throws {InvalidArgumentError} where the text is no number of 0 to 1 */
export function share(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value <= 1) return value;
  throw new InvalidArgumentError(`expected a number of 0 to 1 but received ${text}`);
}

function atLeast(text: string, min: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new InvalidArgumentError(`expected a whole number from ${min} but received ${text}`);
}
