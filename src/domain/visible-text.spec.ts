import { expect, it } from '@jest/globals';
import { visibleLine, visibleText } from './visible-text.js';

it.each([
  ['plain Größe µm 図', 'plain Größe µm 図'],
  ['\u001B[31mred\u0007', '\\x1b[31mred\\x07'],
  ['two\nlines\tand\rmore', 'two\\x0alines\\x09and\\x0dmore'],
  ['gnp.\u202Efdp', 'gnp.\\u202efdp'],
  ['\u009B2J', '\\x9b2J'],
])('prints %j as %j', (given, shown) => {
  expect(visibleLine(given)).toBe(shown);
});

it('keeps the ends of lines and tabs of a longer text', () => {
  expect(visibleText('two\nlines\tand\u001b[2J')).toBe('two\nlines\tand\\x1b[2J');
});
