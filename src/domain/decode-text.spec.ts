import { describe, expect, it } from '@jest/globals';
import { decodeText } from './decode-text.js';

const text = 'Größe 50 µm, α-SMA, 図';
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
const wide = (mark: boolean): Buffer => Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le');

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, lowest byte first', wide(true)],
    ['UTF-16, highest byte first', swapped(wide(true))],
  ])('reads %s', (_name, bytes) => {
    expect(decodeText(bytes)).toBe(text);
  });

  it.each([
    [
      'Windows-1252',
      Buffer.from('Größe 50 µm', 'latin1'),
      /byte 0xF6 at 2, as files in Windows-1252.*; save it as UTF-8$/,
    ],
    ['UTF-16 without a mark', Buffer.from('plain text', 'utf16le'), /looks like UTF-16 without a byte order mark/],
    ['UTF-16 cut in a character', wide(true).subarray(0, 9), /damaged UTF-16LE/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), /is UTF-32/],
    ['no text', Buffer.from([0x41, 0, 0x42]), /has a NUL byte at 1/],
    ['UTF-8 cut in a character', Buffer.from('Größe').subarray(0, 3), /byte 0xC3 at 2/],
  ])('names %s', (_name, bytes, message) => {
    expect(() => decodeText(bytes)).toThrow(message);
  });
});
