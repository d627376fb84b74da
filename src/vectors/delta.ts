import { dot } from '../domain/vector.js';
import { TopK, type Neighbor } from './neighbor.js';

/** Vectors newer than the published generation, scanned exactly: at most a few thousand, 0.5 µs each. */
export class Delta {
  private readonly rows: { readonly seq: number; readonly vector: Float32Array }[] = [];

  /** @param lastSeq the last label that the generation holds */
  constructor(private last: number) {}

  get lastSeq(): number {
    return this.last;
  }

  get size(): number {
    return this.rows.length;
  }

  append(seq: number, vector: Float32Array): void {
    if (seq <= this.last) return;
    this.rows.push({ seq, vector });
    this.last = seq;
  }

  search(query: Float32Array, k: number): readonly Neighbor[] {
    const top = new TopK(k);
    for (const { seq, vector } of this.rows) top.offer(seq, dot(query, vector));
    return top.result();
  }
}
