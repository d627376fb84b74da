/**
 * A graph of 8-bit vectors on disk, by memory map: 0.66 KB a vector in place of 2.2 KB in memory. The only file that
 * imports usearch. Eight bits lose one neighbor in fourteen, so what the graph names is scored again with the float32
 * vectors (.928 → .999).
 */
import { Index, MetricKind, ScalarKind } from 'usearch';
import { validateUnitVector } from '../../../domain/vector.js';
import type { GraphParameters } from '../engine.js';
import { TopK } from '../../../domain/top-k.js';
import { encodeNeighbors } from './neighbors.js';
import type { Graph } from './graph.js';
import type { Neighbors, RowBits } from './messages.js';
import { isAllowed, split, type VectorRows } from './vector-rows.js';

/** Of a filtered search: how many times what was asked for is looked at before the answer may be short. */
const widest = 64;

export class UsearchGraph implements Graph {
  readonly filters = false;

  private constructor(
    private readonly index: Index,
    private readonly dimensions: number,
    private readonly rows: VectorRows,
  ) {}

  static create(dimensions: number, rows: VectorRows, parameters: GraphParameters): UsearchGraph {
    return new UsearchGraph(emptyIndex(dimensions, parameters), dimensions, rows);
  }

  static open(
    { file, count }: { readonly file: string; readonly count: number },
    dimensions: number,
    rows: VectorRows,
    parameters: GraphParameters,
  ): UsearchGraph {
    const index = emptyIndex(dimensions, parameters);
    // `load` ends the process on a cut file, `view` throws.
    index.view(file);
    if (index.dimensions() !== dimensions || index.size() !== count) {
      throw new Error(`Expected ${count} × ${dimensions} but the index holds ${index.size()} × ${index.dimensions()}`);
    }
    return new UsearchGraph(index, dimensions, rows);
  }

  search(queries: Float32Array, k: number, ef: number, allowed: RowBits): Neighbors {
    return encodeNeighbors(split(queries, this.dimensions).map((query) => this.nearest(query, k, ef, allowed)));
  }

  add(rows: Uint32Array, vectors: Float32Array): void {
    const checked = split(vectors, this.dimensions).map((vector) =>
      validateUnitVector(vector, this.dimensions, 'a stored vector'),
    );
    this.index.add(BigUint64Array.from(rows, BigInt), checked, 0);
  }

  save(file: string): void {
    this.index.save(file);
  }

  close(): void {
    // Its map is given back by the garbage collector, when the worker lets go of it.
  }

  private nearest(query: Float32Array, k: number, ef: number, allowed: RowBits): TopK {
    validateUnitVector(query, this.dimensions, 'the query');
    for (let wanted = Math.max(ef, k), step = 1; ; wanted *= 4, step *= 4) {
      const { keys } = this.index.search(query, Math.min(wanted, this.index.size()), 1);
      const rows = Uint32Array.from(Array.from(keys, Number).filter((row) => isAllowed(allowed, row)));
      if (rows.length < k && wanted < this.index.size() && step < widest) continue;
      const top = new TopK(k);
      const scores = this.rows.scores(query, rows);
      rows.forEach((row, at) => {
        top.offer(row, scores[at] ?? 0);
      });
      return top;
    }
  }
}

function emptyIndex(dimensions: number, { m, efConstruction }: GraphParameters): Index {
  return new Index({
    dimensions,
    metric: MetricKind.IP,
    quantization: ScalarKind.I8,
    connectivity: m,
    expansion_add: efConstruction,
    // A search asks for as many as its candidate list is to hold, which widens it: this is the least.
    expansion_search: 16,
    multi: false,
  });
}
