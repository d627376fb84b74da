import { endianness } from 'node:os';

/** Element types that a checkpoint may hold; complex64 is known so that it can be refused by name. */
export type Dtype =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'bool'
  | 'complex64';

export const bytesOf: Readonly<Record<Dtype, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  complex64: 8,
};

/** A tensor that lies in a file; its values are read when asked for, so a checkpoint is never in memory as a whole. */
export interface CheckpointTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** All values in row-major order, as float32. Look at `shape` first: this allocates. */
  read(): Promise<Float32Array>;
}

/** Named tensors of one file. */
export interface Checkpoint {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  close(): Promise<void>;
}

/** Number of elements; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

const isLittleEndian = endianness() === 'LE';

/** Little-endian bytes → float32 values; the very bytes where they are float32 already. */
export function toFloat32(bytes: Uint8Array, dtype: Dtype): Float32Array {
  if (dtype === 'float32' && isLittleEndian && bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytesOf[dtype];
  const values = new Float32Array(Math.floor(bytes.length / size));
  const read = readerOf(view, dtype);
  for (let i = 0; i < values.length; i++) values[i] = read(i * size);
  return values;
}

function readerOf(view: DataView, dtype: Dtype): (at: number) => number {
  switch (dtype) {
    case 'float64':
      return (at) => view.getFloat64(at, true);
    case 'float32':
      return (at) => view.getFloat32(at, true);
    case 'float16':
      return (at) => halfToNumber(view.getUint16(at, true));
    case 'bfloat16':
      return bfloatReader(view);
    case 'int64':
      return (at) => Number(view.getBigInt64(at, true));
    case 'int32':
      return (at) => view.getInt32(at, true);
    case 'int16':
      return (at) => view.getInt16(at, true);
    case 'int8':
      return (at) => view.getInt8(at);
    case 'uint8':
      return (at) => view.getUint8(at);
    case 'bool':
      return (at) => (view.getUint8(at) === 0 ? 0 : 1);
    case 'complex64':
      throw new TypeError('complex64 values have no place in a model');
  }
}

/** bfloat16 is the upper half of a float32. */
function bfloatReader(view: DataView): (at: number) => number {
  const scratch = new DataView(new ArrayBuffer(4));
  return (at) => {
    scratch.setUint16(2, view.getUint16(at, true), true);
    return scratch.getFloat32(0, true);
  };
}

/** IEEE 754 binary16 → number. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
