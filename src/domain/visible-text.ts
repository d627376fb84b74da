// All control characters but the ends of lines and tabs, and the marks that turn the direction of what follows.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text as a terminal may show it: control characters, with which a caption or a file's name could move the cursor, set
 * the window's title or hide what follows, are written as `\x1b`.
 */
export function visibleText(text: string): string {
  return text.replace(controls, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}
