import { lowerBound } from './allowed-rows.js';

/** Rows of one piece of memory; a multiple of eight, so that no byte of a bitset spans two. */
const rowsOfChunk = 1024;

/**
 * Vectors newer than the published generation, in memory that the workers share: they scan it exactly. Rows are only
 * ever added.
 */
export class AppendableSegment {
  private readonly pieces: Float32Array<SharedArrayBuffer>[] = [];
  private readonly labels: number[] = [];

  /** @param last the last label that the generation holds */
  constructor(
    readonly dimensions: number,
    private last: number,
  ) {}

  get lastSeq(): number {
    return this.last;
  }

  get size(): number {
    return this.labels.length;
  }

  /** float32 [.., dimensions] each, one after the other; the last one is filled to `size`. */
  get chunks(): readonly Float32Array<SharedArrayBuffer>[] {
    return this.pieces;
  }

  /** Label of each row, ascending. */
  get seqs(): readonly number[] {
    return this.labels;
  }

  /** null where it has no such label. */
  vectorOf(seq: number): Float32Array | null {
    const row = lowerBound(this.labels, seq);
    if (this.labels[row] !== seq) return null;
    const at = (row % rowsOfChunk) * this.dimensions;
    return this.pieces[Math.floor(row / rowsOfChunk)]?.subarray(at, at + this.dimensions) ?? null;
  }

  append(seq: number, vector: Float32Array): void {
    if (seq <= this.last) return;
    const row = this.labels.length;
    if (row % rowsOfChunk === 0) {
      this.pieces.push(new Float32Array(new SharedArrayBuffer(rowsOfChunk * this.dimensions * 4)));
    }
    this.pieces.at(-1)?.set(vector, (row % rowsOfChunk) * this.dimensions);
    this.labels.push(seq);
    this.last = seq;
  }
}
