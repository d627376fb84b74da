const accents: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030A',
  H: '\u030B',
  v: '\u030C',
  c: '\u0327',
  k: '\u0328',
};

const letters: Readonly<Record<string, string>> = {
  ...{ ss: 'ß', o: 'ø', O: 'Ø', l: 'ł', L: 'Ł', ae: 'æ', AE: 'Æ', oe: 'œ', OE: 'Œ', aa: 'å', AA: 'Å', i: 'ı', j: 'ȷ' },
  ...{ alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', kappa: 'κ', lambda: 'λ', mu: 'μ', textmu: 'µ', times: '×' },
};

/** The text that a value of BibTeX prints: accents, letters and signs of LaTeX in Unicode, commands by what they hold. */
export function latexToText(given: string): string {
  return given
    .replace(/\\([`'^"~=.])\s*\{?\\?([A-Za-z])\}?/g, accented)
    .replace(
      /\\([uvHckr])(?:\s*\{\\?([A-Za-z])\}|\s+\\?([A-Za-z]))/g,
      (_, mark: string, braced?: string, bare?: string) => accented('', mark, braced ?? bare ?? ''),
    )
    .replace(/\\[,; ]/g, ' ')
    .replace(/\\([&%$#_{}])/g, '\uE000$1')
    .replace(/\\([A-Za-z]+)\s*(?:\{\})?/g, (_, name: string) =>
      Object.hasOwn(letters, name) ? (letters[name] ?? '') : '',
    )
    .replace(/(?<!\uE000)[{}$]/g, '')
    .replaceAll('\uE000', '')
    .replaceAll('---', '—')
    .replaceAll('--', '–')
    .replace(/~|\s+/g, ' ')
    .normalize('NFC')
    .trim();
}

function accented(_: string, mark: string, letter: string): string {
  return `${letter}${accents[mark] ?? ''}`.normalize('NFC');
}
