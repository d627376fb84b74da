import { FigseekError } from '../domain/errors.js';

const colorPattern = /^#?[0-9a-f]{6}$/i;
const defaultColor = 'ffd400';

/** The color of an overlay as six hexadecimal digits. @throws {FigseekError} BAD_USER_INPUT */
export function parseColor(text: string | null | undefined): string {
  if (text == null) return defaultColor;
  if (colorPattern.test(text)) return text.replace('#', '').toLowerCase();
  throw new FigseekError('BAD_USER_INPUT', `Expected a color as e6194b but received ${text.slice(0, 20)}`);
}
