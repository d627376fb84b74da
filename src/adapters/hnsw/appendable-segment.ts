import type { StoredVector } from '../../ports/embedding-source.js';

/** Rows of one piece of memory; a multiple of eight, so that no byte of a bitset spans two. */
const rowsOfChunk = 1024;

/**
 * Vectors newer than the published generation, in memory that the workers share: they scan it exactly. Rows are only
 * ever added.
 */
export class AppendableSegment {
  private readonly pieces: Float32Array<SharedArrayBuffer>[] = [];
  private readonly labels: number[] = [];
  private readonly panelNumbers: number[] = [];

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

  /** Number of the panel of each row. */
  get panels(): readonly number[] {
    return this.panelNumbers;
  }

  vectorAt(row: number): Float32Array {
    const at = (row % rowsOfChunk) * this.dimensions;
    const piece = this.pieces[Math.floor(row / rowsOfChunk)];
    if (piece === undefined) throw new RangeError(`There is no row ${row}`);
    return piece.subarray(at, at + this.dimensions);
  }

  /** The panel of a row has another vector now. */
  forget(row: number): void {
    this.panelNumbers[row] = 0;
  }

  /** @returns the new row, or null where the label is older than the last one */
  append({ seq, panel, vector }: StoredVector): number | null {
    if (seq <= this.last) return null;
    const row = this.labels.length;
    if (row % rowsOfChunk === 0) {
      this.pieces.push(new Float32Array(new SharedArrayBuffer(rowsOfChunk * this.dimensions * 4)));
    }
    this.pieces.at(-1)?.set(vector, (row % rowsOfChunk) * this.dimensions);
    this.labels.push(seq);
    this.panelNumbers.push(panel);
    this.last = seq;
    return row;
  }
}
