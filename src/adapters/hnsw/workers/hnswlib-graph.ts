/**
 * HNSW by hnswlib-node, for machines where our addon is not built: the only file that imports it. What the library would
 * answer with an abort of the whole process is checked before each call.
 */
import hnswlib from 'hnswlib-node';
import { validateUnitVector } from '../../../domain/vector.js';
import type { GraphParameters } from '../engine.js';
import { TopK } from '../../../domain/top-k.js';
import { encodeNeighbors } from './neighbors.js';
import type { Graph } from './graph.js';
import type { Neighbors, RowBits } from './messages.js';
import { isAllowed, split } from './vector-rows.js';

export class HnswlibGraph implements Graph {
  readonly filters = true;

  private constructor(
    private readonly index: hnswlib.HierarchicalNSW,
    private readonly dimensions: number,
  ) {}

  static create(dimensions: number, capacity: number, { m, efConstruction, seed }: GraphParameters): HnswlibGraph {
    const index = new hnswlib.HierarchicalNSW('ip', dimensions);
    index.initIndex({ maxElements: Math.max(1, capacity), m, efConstruction, randomSeed: seed });
    return new HnswlibGraph(index, dimensions);
  }

  static open(file: string, dimensions: number, count: number): HnswlibGraph {
    // Always a fresh object: a failed read into a used one leaves a dangling pointer behind.
    const index = new hnswlib.HierarchicalNSW('ip', dimensions);
    index.readIndexSync(file);
    if (index.getCurrentCount() !== count) {
      throw new Error(`Expected ${count} vectors in the index but it holds ${index.getCurrentCount()}`);
    }
    return new HnswlibGraph(index, dimensions);
  }

  search(queries: Float32Array, k: number, ef: number, allowed: RowBits): Neighbors {
    const wanted = Math.min(k, this.index.getCurrentCount());
    this.index.setEf(Math.max(ef, wanted, 1));
    // Nothing in the filter can throw: an error there would end the process.
    const filter = allowed === null ? undefined : (row: number) => isAllowed(allowed, row);
    return encodeNeighbors(
      split(queries, this.dimensions).map((query) => {
        const top = new TopK(k);
        if (wanted < 1) return top;
        const numbers = toNumbers(validateUnitVector(query, this.dimensions, 'the query'));
        const { neighbors, distances } = this.index.searchKnn(numbers, wanted, filter);
        neighbors.forEach((row, at) => {
          top.offer(row, 1 - (distances[at] ?? 1));
        });
        return top;
      }),
    );
  }

  add(rows: Uint32Array, vectors: Float32Array): void {
    for (const [at, vector] of split(vectors, this.dimensions).entries()) {
      this.index.addPoint(toNumbers(validateUnitVector(vector, this.dimensions, 'a stored vector')), rows[at] ?? 0);
    }
  }

  save(file: string): void {
    this.index.writeIndexSync(file);
  }

  close(): void {
    // Its memory is freed by the garbage collector, when the worker lets go of it.
  }
}

// The binding takes arrays of numbers only; an index loop is three times as fast as Array.from.
function toNumbers(vector: Float32Array): number[] {
  const numbers = new Array<number>(vector.length);
  for (let i = 0; i < vector.length; i++) numbers[i] = vector[i] ?? 0;
  return numbers;
}
