import type { Numbers } from '../value-range.js';
import type { TiffLayout } from './layout.js';
import type { Rows } from './predictor.js';

const isLittleMachine = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

type Kind = Pick<TiffLayout, 'numbers' | 'bits'>;

/** An array for numbers of a kind. */
export function arrayFor({ numbers, bits }: Kind, length: number): Numbers {
  if (numbers === 'float') return bits === 64 ? new Float64Array(length) : new Float32Array(length);
  if (numbers === 'signed') {
    if (bits === 8) return new Int8Array(length);
    return bits === 16 ? new Int16Array(length) : new Int32Array(length);
  }
  if (bits <= 8) return new Uint8Array(length);
  return bits <= 16 ? new Uint16Array(length) : new Uint32Array(length);
}

/** The numbers of unpacked rows, one row after the other. */
export function numbersOf(rows: Rows, kind: Kind): Numbers {
  const { bytes, perRow } = rows;
  const { numbers, bits } = kind;
  if (bits % 8 !== 0) return unpackedBits(rows, kind);
  if (numbers === 'float' && bits === 16) {
    const halves = inOrder(rows, 2);
    return Float32Array.from(new Uint16Array(halves.buffer), halfFloat);
  }
  const size = bits / 8;
  const { buffer } = inOrder(rows, size);
  const count = Math.floor(bytes.length / (perRow * size)) * perRow;
  if (numbers === 'float') return bits === 64 ? new Float64Array(buffer, 0, count) : new Float32Array(buffer, 0, count);
  if (numbers === 'signed') {
    if (bits === 8) return new Int8Array(buffer, 0, count);
    return bits === 16 ? new Int16Array(buffer, 0, count) : new Int32Array(buffer, 0, count);
  }
  if (bits === 8) return new Uint8Array(buffer, 0, count);
  return bits === 16 ? new Uint16Array(buffer, 0, count) : new Uint32Array(buffer, 0, count);
}

/** A copy in the order of this machine's bytes. */
function inOrder({ bytes, isLittle }: Rows, size: number): { readonly buffer: ArrayBuffer } {
  const copy = new Uint8Array(Math.ceil(bytes.length / size) * size);
  copy.set(bytes);
  const swapped = Buffer.from(copy.buffer);
  if (isLittle === isLittleMachine || size === 1) return copy;
  if (size === 2) swapped.swap16();
  else if (size === 4) swapped.swap32();
  else swapped.swap64();
  return copy;
}

function unpackedBits({ bytes, perRow }: Rows, kind: Kind): Numbers {
  const rowBytes = Math.ceil((perRow * kind.bits) / 8);
  const rows = Math.floor(bytes.length / rowBytes);
  const numbers = arrayFor(kind, rows * perRow);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < perRow; i++) {
      numbers[row * perRow + i] = packedBits(bytes, row * rowBytes * 8 + i * kind.bits, kind.bits);
    }
  }
  return numbers;
}

/** At most 16 bits, the highest first. */
function packedBits(bytes: Uint8Array, firstBit: number, bits: number): number {
  const byte = firstBit >> 3;
  const three = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
  return (three >> (24 - (firstBit & 7) - bits)) & ((1 << bits) - 1);
}

/** IEEE 754 binary16. */
function halfFloat(half: number): number {
  const sign = half & 0x80_00 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
