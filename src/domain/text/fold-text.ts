/**
 * Letters as people type them without the key: without accents, in lower case, and the few letters that Unicode does not
 * decompose by their usual spelling.
 */
const spellings: Readonly<Record<string, string>> = {
  ı: 'i',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  œ: 'oe',
  æ: 'ae',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ё: 'e',
};
const spelledLetters = new RegExp(`[${Object.keys(spellings).join('')}]`, 'gu');

// Accents are left out of alphabets in which they only modify a letter. In Indic and Thai script, and in Japanese, such a
// mark makes another letter of it.
const accents = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}])\p{M}+/gu;

/**
 * Characters that are not seen: soft hyphens, zero-width spaces and joiners, marks of direction, Arabic lengthening,
 * variation selectors.
 */
export const invisibleCharacters = /[\p{Cf}\u0640]|[\ufe00-\ufe0f]|\u034f/gu;

// They decompose to letters that would join the word before them: "Triton™", "37ºC".
const signs = /[™℠®©ªº°]/gu;

/** One word of a text, folded; the same function prepares what is indexed and what is asked. */
export function foldWord(word: string): string {
  return word
    .replace(invisibleCharacters, '')
    .replace(signs, ' ')
    .normalize('NFKD')
    .toLowerCase()
    .replace(accents, '$1')
    .normalize('NFC')
    .replace(spelledLetters, (letter) => spellings[letter] ?? letter);
}

/** The German and Nordic spelling without the key ("Übersicht" as "uebersicht"); null where it is no other. */
export function respelledWord(word: string): string | null {
  const lower = word.normalize('NFC').toLowerCase();
  const spelled = lower.replace(
    /[\u00e4\u00f6\u00fc\u00e5\u00f8]/gu,
    (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' })[letter] ?? '',
  );
  return spelled === lower ? null : foldWord(spelled);
}

/**
 * What tells two values apart that people write in several ways (labels, journals, modalities): neither case nor Unicode
 * form, invisible characters or blanks count. Accents do.
 */
export function valueKey(value: string): string {
  return value
    .replace(invisibleCharacters, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trim();
}
