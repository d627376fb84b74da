import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dot } from '../../../domain/vector.js';
import { TopK } from '../../../domain/top-k.js';
import { encodeNeighbors } from './neighbors.js';
import type { Neighbors, RowBits } from './messages.js';
import type { NativeAddon } from './native-addon.js';

/** The float32 vectors of a segment, for exact search, scores and building. */
export interface VectorRows {
  nearest(queries: Float32Array, k: number, allowed: RowBits): Neighbors;
  scores(query: Float32Array, rows: Uint32Array): Float32Array;
  /** @param into float32 [rows.length, dimensions] */
  read(rows: Uint32Array, into: Float32Array): void;
  close(): void;
}

/** float32 [count, dimensions] in a file. By memory map where the addon is there, else by reads of some rows at once. */
export function openVectorRows(addon: NativeAddon | null, file: string, dimensions: number, count: number): VectorRows {
  return addon === null ? new ReadRows(file, dimensions, count) : new addon.VectorFile(file, dimensions, count);
}

/** Rows `from` to `to` of a vector file, for a builder that reads all of them once. */
export function readRows(file: string, dimensions: number, from: number, to: number): Float32Array {
  const descriptor = openSync(file, 'r');
  try {
    return readInto(descriptor, new Float32Array((to - from) * dimensions), from * dimensions);
  } finally {
    closeSync(descriptor);
  }
}

export function isAllowed(allowed: RowBits, row: number): boolean {
  return allowed === null || (((allowed[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

const rowsAtOnce = 256;

class ReadRows implements VectorRows {
  private readonly descriptor: number;

  constructor(
    file: string,
    private readonly dimensions: number,
    private readonly count: number,
  ) {
    this.descriptor = openSync(file, 'r');
    const { size } = fstatSync(this.descriptor);
    if (size === count * dimensions * 4) return;
    closeSync(this.descriptor);
    throw new Error(`${file} does not hold ${count} vectors of ${dimensions} numbers`);
  }

  nearest(queries: Float32Array, k: number, allowed: RowBits): Neighbors {
    const asked = split(queries, this.dimensions).map((query) => ({ query, top: new TopK(k) }));
    for (let from = 0; from < this.count; from += rowsAtOnce) {
      const to = Math.min(from + rowsAtOnce, this.count);
      if (!anyAllowed(allowed, from, to)) continue;
      const vectors = this.readRange(from, to);
      for (let row = from; row < to; row++) {
        if (!isAllowed(allowed, row)) continue;
        const vector = vectors.subarray((row - from) * this.dimensions, (row - from + 1) * this.dimensions);
        for (const { query, top } of asked) top.offer(row, dot(query, vector));
      }
    }
    return encodeNeighbors(asked.map(({ top }) => top));
  }

  scores(query: Float32Array, rows: Uint32Array): Float32Array {
    return Float32Array.from(rows, (row) => {
      if (row >= this.count) throw new Error(`There is no row ${row}`);
      return dot(query, this.readRange(row, row + 1));
    });
  }

  read(rows: Uint32Array, into: Float32Array): void {
    for (const [at, row] of rows.entries()) {
      if (row >= this.count) throw new Error(`There is no row ${row}`);
      into.set(this.readRange(row, row + 1), at * this.dimensions);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private readRange(from: number, to: number): Float32Array {
    return readInto(this.descriptor, new Float32Array((to - from) * this.dimensions), from * this.dimensions);
  }
}

function readInto(descriptor: number, floats: Float32Array, firstFloat: number): Float32Array {
  const bytes = new Uint8Array(floats.buffer);
  for (let done = 0; done < bytes.length;) {
    const read = readSync(descriptor, bytes, done, bytes.length - done, firstFloat * 4 + done);
    if (read === 0) throw new Error('The vector file ends too early');
    done += read;
  }
  return floats;
}

function anyAllowed(allowed: RowBits, from: number, to: number): boolean {
  return allowed === null || allowed.subarray(from >> 3, (to + 7) >> 3).some((byte) => byte !== 0);
}

export function split(queries: Float32Array, dimensions: number): readonly Float32Array[] {
  return Array.from({ length: queries.length / dimensions }, (_, row) =>
    queries.subarray(row * dimensions, (row + 1) * dimensions),
  );
}
