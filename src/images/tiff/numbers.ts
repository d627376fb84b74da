import type { Numbers } from '../value-range.js';
import type { TiffLayout } from './layout.js';
import type { Rows } from './predictor.js';

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

/** What reads number `index` of row `row`. */
export function numberReader(rows: Rows, { numbers, bits }: Kind): (row: number, index: number) => number {
  const { bytes, perRow, isLittle } = rows;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bits % 8 !== 0) {
    const rowBits = 8 * Math.ceil((perRow * bits) / 8);
    return (row, index) => packedBits(bytes, row * rowBits + index * bits, bits);
  }
  const size = bits / 8;
  const at = (row: number, index: number): number => (row * perRow + index) * size;
  switch (`${numbers}${bits}`) {
    case 'unsigned8':
      return (row, index) => view.getUint8(at(row, index));
    case 'unsigned16':
      return (row, index) => view.getUint16(at(row, index), isLittle);
    case 'unsigned32':
      return (row, index) => view.getUint32(at(row, index), isLittle);
    case 'signed8':
      return (row, index) => view.getInt8(at(row, index));
    case 'signed16':
      return (row, index) => view.getInt16(at(row, index), isLittle);
    case 'signed32':
      return (row, index) => view.getInt32(at(row, index), isLittle);
    case 'float16':
      return (row, index) => halfFloat(view.getUint16(at(row, index), isLittle));
    case 'float32':
      return (row, index) => view.getFloat32(at(row, index), isLittle);
    default:
      return (row, index) => view.getFloat64(at(row, index), isLittle);
  }
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
