import { FigseekError } from './errors.js';

/**
 * Checks a vector before it reaches an index or the database: hnswlib answers NaN silently and aborts the process on
 * a wrong element.
 * @returns the same vector
 * @throws {FigseekError} BAD_USER_INPUT for another length, a value that is not finite, or a length far from 1
 */
export function validateUnitVector(vector: Float32Array, dimensions: number, what: string): Float32Array {
  if (vector.length !== dimensions) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected ${what} to have ${dimensions} numbers but received ${vector.length}`,
    );
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares) || Math.abs(squares - 1) > 1e-3) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected ${what} to have unit length but its squared length is ${squares}`,
    );
  }
  return vector;
}

/** Inner product; the cosine for unit vectors. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** The direction of the mean, of unit length; zero where the vectors cancel out. @param vectors of one length */
export function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [i, value] of vector.entries()) sum[i] = (sum[i] ?? 0) + value;
  const length = Math.hypot(...sum);
  return length === 0 ? sum : sum.map((value) => value / length);
}

/** Of vectors of any length; NaN where one is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Vector → little-endian float32 bytes, the form kept in SQL. */
export function vectorToBytes(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** Bytes from SQL → vector (a copy: a Buffer of a pool may be unaligned). */
export function bytesToVector(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
