import { decodeHTML } from 'entities';

// Python's `\s` and str.strip: unlike JavaScript's, with U+001C..1F and U+0085, without U+FEFF.
const pythonSpace = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const spaces = new RegExp(pythonSpace, 'gu');

/**
 * open_clip's whitespace cleaning of captions (open_clip/tokenizer.py): ftfy's repairs that need no table of mojibake,
 * HTML entities twice, white space folded.
 */
export function cleanText(text: string): string {
  return foldSpaces(decodeHTML(decodeHTML(repairText(text))));
}

/** White space, as Python sees it, folded to one blank, and none at the ends. */
export function foldSpaces(text: string): string {
  return text.replace(spaces, ' ').replace(/^ | $/g, '');
}

/** ftfy.fix_text without its repair of wrong encodings, a heuristic table that caption sources do not need. */
export function repairText(text: string): string {
  return fixWidth(fixLigatures(fixC1(text.includes('<') ? text : decodeHTML(text))))
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/\r\n|[\r\u2028\u2029\u0085]/g, '\n')
    .replace(/\u001b\[[\d;]*[a-zA-Z]/g, '')
    .replace(controls, '')
    .normalize('NFC');
}

// eslint reads these as accidents; they are what ftfy's remove_control_chars takes out.
const controls = new RegExp(
  '[\\u0000-\\u0008\\u000b\\u000e-\\u001f\\u007f\\u206a-\\u206f\\ufeff\\ufff9-\\ufffc]',
  'gu',
);

/** C1 controls are Windows-1252 letters that were read as Latin-1. */
function fixC1(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (letter) => windows1252[letter.charCodeAt(0) - 0x80] ?? letter);
}

// Bytes 80..9F of Windows-1252; a table, as TextDecoder of Node 20 reads them as Latin-1.
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const ligatures: Readonly<Record<string, string>> = {
  Ĳ: 'IJ',
  ĳ: 'ij',
  ŉ: 'ʼn',
  Ǆ: 'DŽ',
  ǅ: 'Dž',
  ǆ: 'dž',
  Ǉ: 'LJ',
  ǈ: 'Lj',
  ǉ: 'lj',
  Ǌ: 'NJ',
  ǋ: 'Nj',
  ǌ: 'nj',
  Ǳ: 'DZ',
  ǲ: 'Dz',
  ǳ: 'dz',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'ſt',
  ﬆ: 'st',
};

function fixLigatures(text: string): string {
  return text.replace(/[ĲĳŉǄ-ǌǱ-ǳﬀ-ﬆ]/g, (letter) => ligatures[letter] ?? letter);
}

/** Full-width letters and half-width kana to their usual form. */
function fixWidth(text: string): string {
  return text.replace(/[\uff01-\uffef\u3000]/g, (letter) => letter.normalize('NFKC'));
}
