/** Characters that a terminal obeys or that turn the direction of a line: in names and captions of others they are told, not sent. */
const controls = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu;

/** A text of others for one line of a terminal: `\x1b` in place of an escape. */
export function printable(text: string): string {
  return text.replace(controls, (control) => {
    const code = control.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
