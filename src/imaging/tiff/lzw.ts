const clear = 256;
const end = 257;
const firstFree = 258;
const maxCodes = 4096;

/**
 * Unpacks TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, highest bit first, widened one code earlier than GIF's.
 * @param maxBytes more unpacked bytes than this are refused
 * @throws {Error} where a code is not in the table yet, or too much comes out
 */
export function unpackLzw(packed: Uint8Array, maxBytes: number): Uint8Array {
  const table = new Table(maxBytes, packed.length);
  let [bits, held] = [0, 0];
  for (const byte of packed) {
    held = ((held << 8) | byte) & 0xff_ffff;
    bits += 8;
    const width = table.codeWidth;
    if (bits < width) continue;
    bits -= width;
    const code = (held >> bits) & ((1 << width) - 1);
    if (code === end) break;
    if (code === clear) table.clear();
    else table.take(code);
  }
  return table.unpacked;
}

/** The strings that codes stand for: each is another one and one byte more. */
class Table {
  private readonly prefix = new Uint16Array(maxCodes);
  private readonly lastByte = new Uint8Array(maxCodes).map((_, code) => code & 255);
  private readonly lengths = new Uint32Array(maxCodes).fill(1);
  private free = firstFree;
  private previous = -1;
  private out: Uint8Array;
  private written = 0;

  constructor(
    private readonly maxBytes: number,
    packedBytes: number,
  ) {
    this.out = new Uint8Array(Math.min(maxBytes, 1024 + 4 * packedBytes));
  }

  get codeWidth(): number {
    if (this.free < 511) return 9;
    if (this.free < 1023) return 10;
    return this.free < 2047 ? 11 : 12;
  }

  get unpacked(): Uint8Array {
    return this.out.subarray(0, this.written);
  }

  clear(): void {
    this.free = firstFree;
    this.previous = -1;
  }

  take(code: number): void {
    const { previous } = this;
    if (code > this.free || (code >= this.free && previous < 0) || (previous < 0 && code > 255)) {
      throw new Error('an LZW code is not in its table yet');
    }
    // A code that is just being made: the previous string and its own first byte.
    const isNew = code === this.free;
    const start = this.written;
    this.write(isNew ? previous : code);
    const first = this.out[start] ?? 0;
    if (isNew) this.push(first);
    if (previous >= 0 && this.free < maxCodes) {
      this.prefix[this.free] = previous;
      this.lastByte[this.free] = first;
      this.lengths[this.free] = (this.lengths[previous] ?? 1) + 1;
      this.free += 1;
    }
    this.previous = code;
  }

  private write(code: number): void {
    const length = this.lengths[code] ?? 1;
    this.reserve(length);
    let entry = code;
    for (let at = this.written + length - 1; at >= this.written; at--) {
      this.out[at] = this.lastByte[entry] ?? 0;
      entry = this.prefix[entry] ?? 0;
    }
    this.written += length;
  }

  private push(byte: number): void {
    this.reserve(1);
    this.out[this.written++] = byte;
  }

  private reserve(more: number): void {
    const needed = this.written + more;
    if (needed > this.maxBytes) throw new Error(`they unpack to more than ${this.maxBytes} bytes`);
    if (needed <= this.out.length) return;
    const larger = new Uint8Array(Math.min(this.maxBytes, 2 * needed));
    larger.set(this.out);
    this.out = larger;
  }
}
