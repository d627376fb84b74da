// Characters that a terminal obeys, and those that turn the direction of what follows.
const controls = /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text as a terminal may show it: control characters, with which a caption or a file's name could move the cursor, set
 * the window's title or hide what follows, are written as `\x1b`. Ends of lines and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replace(controls, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

/** The same for a value that stands in one line. */
export function visibleLine(text: string): string {
  return text.replace(controls, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
