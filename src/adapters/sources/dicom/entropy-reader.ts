import { damaged } from './dicom-faults.js';

/** Codes of each length 1…16 (ISO/IEC 10918-1, annex C): the first code, the first place and the number of its symbols. */
export interface HuffmanTable {
  readonly firstCode: readonly number[];
  readonly firstPlace: readonly number[];
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/**
 * @param counts 16 numbers of codes, by length
 * @param symbols in the order of their codes
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const [firstCode, firstPlace]: [number[], number[]] = [[], []];
  let [code, place] = [0, 0];
  for (const count of counts) {
    firstCode.push(code);
    firstPlace.push(place);
    place += count;
    code = (code + count) * 2;
  }
  return { firstCode, firstPlace, counts, symbols };
}

/** Bits of a scan: a zero byte after 0xff is left out, and a marker ends them. */
export class EntropyReader {
  private at = 0;
  private byte = 0;
  private left = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** The next symbol. @throws {FigseekError} BAD_USER_INPUT for a code that is not in the table */
  symbol({ firstCode, firstPlace, counts, symbols }: HuffmanTable): number {
    let code = 0;
    for (let length = 0; length < 16; length++) {
      code = code * 2 + this.bit();
      const offset = code - (firstCode[length] ?? 0);
      if (offset >= 0 && offset < (counts[length] ?? 0)) {
        const symbol = symbols[(firstPlace[length] ?? 0) + offset];
        if (symbol !== undefined) return symbol;
      }
    }
    throw damaged('a code of its JPEG is unknown');
  }

  /** A difference of first coefficients (F.2.2.1). */
  difference(table: HuffmanTable): number {
    const size = this.symbol(table);
    if (size > 16) throw damaged('a difference of its JPEG is too long');
    return size === 0 ? 0 : this.signed(size);
  }

  /** A number of `size` bits; those that begin with 0 are negative (F.2.2.1, EXTEND). */
  signed(size: number): number {
    let value = 0;
    for (let left = size; left > 0; left--) value = value * 2 + this.bit();
    return value < 2 ** (size - 1) ? value - 2 ** size + 1 : value;
  }

  /** Passes over a restart marker. */
  restart(): void {
    this.left = 0;
    while (this.at + 1 < this.bytes.length) {
      const marker = this.bytes[this.at] === 0xff ? (this.bytes[this.at + 1] ?? 0) : 0;
      if (marker >= 0xd0 && marker <= 0xd7) {
        this.at += 2;
        return;
      }
      this.at++;
    }
  }

  private bit(): number {
    if (this.left === 0) {
      this.byte = this.nextByte();
      this.left = 8;
    }
    this.left--;
    return (this.byte >> this.left) & 1;
  }

  private nextByte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw damaged('a scan of its JPEG ends before the image does');
    if (byte !== 0xff) return byte;
    if (this.bytes[this.at] !== 0) throw damaged('a scan of its JPEG ends before the image does');
    this.at++;
    return byte;
  }
}
