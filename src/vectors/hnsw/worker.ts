/**
 * One HNSW index in a worker thread: the only file that imports hnswlib-node. The library is synchronous, so here a
 * search holds up nobody else. What it would answer with an abort of the whole process (design/vectors.md, crash
 * table) is checked before each call.
 */
import { parentPort } from 'node:worker_threads';
import hnswlib from 'hnswlib-node';
import { messageOf } from '../../domain/errors.js';
import { checkedUnitVector } from '../../domain/vector.js';
import type { HnswReply, HnswRequest, HnswWork } from './messages.js';

const largestLabel = 0xffff_ffff;

let index: hnswlib.HierarchicalNSW | null = null;
let dimensions = 0;

interface Found {
  readonly seqs: Uint32Array;
  readonly scores: Float32Array;
}

const nothing: Found = { seqs: new Uint32Array(0), scores: new Float32Array(0) };

function perform(work: HnswWork): Found {
  switch (work.kind) {
    case 'create': {
      const { m, efConstruction, seed } = work.parameters;
      dimensions = work.dimensions;
      index = new hnswlib.HierarchicalNSW('cosine', dimensions);
      index.initIndex({ maxElements: Math.max(1, work.capacity), m, efConstruction, randomSeed: seed });
      return nothing;
    }
    case 'add':
      add(work.seqs, work.vectors);
      return nothing;
    case 'write':
      opened().writeIndexSync(work.file);
      return nothing;
    case 'open':
      open(work.file, work.dimensions, work.count);
      return nothing;
    case 'search':
      return search(work.vector, work.k, work.ef);
  }
}

function opened(): hnswlib.HierarchicalNSW {
  if (index === null) throw new Error('No index is open');
  return index;
}

function open(file: string, itsDimensions: number, count: number): void {
  // Always a fresh object: a failed read into a used one leaves a dangling pointer behind.
  const fresh = new hnswlib.HierarchicalNSW('cosine', itsDimensions);
  fresh.readIndexSync(file);
  if (fresh.getCurrentCount() !== count) {
    throw new Error(`Expected ${count} vectors in the index but it holds ${fresh.getCurrentCount()}`);
  }
  dimensions = itsDimensions;
  index = fresh;
}

function add(seqs: Uint32Array, vectors: Float32Array): void {
  const target = opened();
  for (let row = 0; row < seqs.length; row++) {
    const seq = seqs[row];
    if (seq === undefined || seq > largestLabel) throw new Error(`The label ${seq ?? 'of a row'} is out of range`);
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    target.addPoint(toNumbers(checkedUnitVector(vector, dimensions, 'a stored vector')), seq);
  }
}

function search(vector: Float32Array, k: number, ef: number): Found {
  const target = opened();
  const wanted = Math.min(k, target.getCurrentCount());
  if (wanted < 1) return nothing;
  target.setEf(Math.max(ef, wanted));
  const { neighbors, distances } = target.searchKnn(
    toNumbers(checkedUnitVector(vector, dimensions, 'the query')),
    wanted,
  );
  return { seqs: Uint32Array.from(neighbors), scores: Float32Array.from(distances, (distance) => 1 - distance) };
}

// The binding takes arrays of numbers only; an index loop is three times as fast as Array.from (design/vectors.md).
function toNumbers(vector: Float32Array): number[] {
  const numbers = new Array<number>(vector.length);
  for (let i = 0; i < vector.length; i++) numbers[i] = vector[i] ?? 0;
  return numbers;
}

parentPort?.on('message', ({ id, work }: HnswRequest) => {
  let reply: HnswReply;
  try {
    reply = { id, ...perform(work) };
  } catch (error) {
    reply = { id, error: messageOf(error), ...nothing };
  }
  parentPort?.postMessage(reply);
});
