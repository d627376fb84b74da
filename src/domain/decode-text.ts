import { FigseekError } from './errors.js';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Byte order marks; that of UTF-32 begins as that of UTF-16 does, so it stands first. */
const marks: readonly (readonly [readonly number[], Encoding | 'utf-32'])[] = [
  [[0xff, 0xfe, 0, 0], 'utf-32'],
  [[0, 0, 0xfe, 0xff], 'utf-32'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** The encoding that a byte order mark names, and how long the mark is; UTF-8 without one. @throws {FigseekError} for UTF-32 */
export function detectEncoding(start: Uint8Array): { readonly encoding: Encoding; readonly markLength: number } {
  const found = marks.find(([mark]) => mark.every((byte, at) => start[at] === byte));
  if (found === undefined) return { encoding: 'utf-8', markLength: 0 };
  const [mark, encoding] = found;
  if (encoding === 'utf-32') throw notUtf8('is UTF-32 by its byte order mark');
  return { encoding, markLength: mark.length };
}

/**
 * A text file's content: UTF-8, or UTF-16 with a byte order mark. What is neither is refused: a guess would store
 * characters that nobody wrote.
 * @throws {FigseekError} BAD_USER_INPUT that names what was found
 */
export function decodeText(bytes: Uint8Array): string {
  const { encoding, markLength } = detectEncoding(bytes);
  const content = bytes.subarray(markLength);
  if (encoding !== 'utf-8') return decodeStrictly(content, encoding);
  refuseNul(content);
  return decodeStrictly(content, encoding);
}

/** A text that was read as UTF-8, as a JSON parser takes it. */
export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function decodeStrictly(content: Uint8Array, encoding: Encoding): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    if (encoding !== 'utf-8') throw notUtf8(`is damaged ${encoding.toUpperCase()}`);
    const at = firstBadByte(content);
    const byte = (content[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    throw notUtf8(`has the byte 0x${byte} at ${at}, as files in Windows-1252 (Latin-1) have`);
  }
}

/** Text has no NUL: every second byte of UTF-16 is one. */
function refuseNul(content: Uint8Array): void {
  const at = content.indexOf(0);
  if (at < 0) return;
  const isWide = content.length % 2 === 0 && content.length >= 4;
  const looksWide = isWide && content.subarray(0, 4).filter((byte) => byte === 0).length === 2;
  throw notUtf8(looksWide ? 'looks like UTF-16 without a byte order mark' : `has a NUL byte at ${at}`);
}

function firstBadByte(content: Uint8Array): number {
  const decoded = Buffer.from(new TextDecoder().decode(content), 'utf8');
  const same = decoded.findIndex((byte, at) => byte !== content[at]);
  return same < 0 ? decoded.length : same;
}

function notUtf8(found: string): FigseekError {
  return new FigseekError(
    'BAD_USER_INPUT',
    `Expected text in UTF-8 (or UTF-16 with a byte order mark), but it ${found}; save it as UTF-8`,
  );
}
