import { setImmediate } from 'node:timers/promises';

const rowsAtOnce = 2000;

/** Visits each row of a text like `1 0.5;2 0.7`. Others have their turn meanwhile: a common word has 100,000 rows. */
export async function forEachRow(text: string, visit: (values: readonly string[]) => void): Promise<void> {
  let rows = 0;
  for (let from = 0; from < text.length; rows++) {
    if (rows % rowsAtOnce === rowsAtOnce - 1) await setImmediate();
    const end = text.indexOf(';', from);
    const to = end < 0 ? text.length : end;
    visit(text.slice(from, to).split(' '));
    from = to + 1;
  }
}

/** SQLite's variable-length integers: seven bits a byte, the most significant first. */
export function forEachVarint(hex: string, visit: (number: number) => void): void {
  let number = 0;
  for (let at = 0; at < hex.length; at += 2) {
    const byte = 16 * hexDigit(hex.charCodeAt(at)) + hexDigit(hex.charCodeAt(at + 1));
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    visit(number);
    number = 0;
  }
}

export function sumVarints(hex: string): number {
  let total = 0;
  forEachVarint(hex, (number) => (total += number));
  return total;
}

/** @param code of a digit as SQLite's hex() writes it: 0 to 9, A to F */
function hexDigit(code: number): number {
  return code <= 57 ? code - 48 : code - 55;
}
