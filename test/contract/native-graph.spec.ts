import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HnswlibGraph } from '../../src/adapters/hnsw/workers/hnswlib-graph.js';
import type { RowBits } from '../../src/adapters/hnsw/workers/messages.js';
import { nativeState, type NativeAddon } from '../../src/adapters/hnsw/workers/native-addon.js';
import { NativeHnsw } from '../../src/adapters/hnsw/workers/native-graph.js';

const stored = 6000;
const asked = 40;

/** Unit vectors of a repeatable kind, as one block. */
function drawn(count: number, dimensions: number, seed: number): Float32Array {
  const all = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const vector = all.subarray(row * dimensions, (row + 1) * dimensions);
    for (let i = 0; i < dimensions; i++) vector[i] = Math.sin((row + seed) * (i + 1) * 1.7 + i) + 0.3;
    const length = Math.hypot(...vector);
    for (let i = 0; i < dimensions; i++) vector[i] = (vector[i] ?? 0) / length;
  }
  return all;
}

/** Allows every `step`-th row from the first one on. */
function every(step: number, first = 0): RowBits {
  const bits = new Uint8Array(new SharedArrayBuffer(Math.ceil(stored / 8)));
  for (let row = first; row < stored; row += step) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  return bits;
}

function native(): NativeAddon {
  const { addon, reason } = nativeState();
  if (addon === null) throw new Error(reason);
  return addon;
}

const parameters = { m: 8, efConstruction: 60, seed: 5 };

/** A graph file of drawn vectors. */
function writeGraph(file: string, dimensions: number, count: number): void {
  const graph = NativeHnsw.create(native(), file, dimensions, count, parameters);
  graph.add(
    Uint32Array.from({ length: count }, (_, row) => row),
    drawn(count, dimensions, 1),
  );
  graph.save(file);
  graph.close();
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'native-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

// 37: what is left over when the distance has taken 32 numbers at a time.
describe.each([8, 37, 512])('a graph of %d dimensions, written by the addon and read by hnswlib', (dimensions) => {
  let ours: NativeHnsw;
  let theirs: HnswlibGraph;
  let queries: Float32Array;

  beforeAll(() => {
    const file = path.join(folder, `graph-${dimensions}`);
    writeGraph(file, dimensions, stored);
    ours = NativeHnsw.open(native(), file, dimensions, stored);
    theirs = HnswlibGraph.open(file, dimensions, stored);
    queries = drawn(asked, dimensions, 77_777);
  });

  afterAll(() => {
    ours.close();
    theirs.close();
  });

  it.each([
    ['no filter', null],
    ['half of the rows', every(2)],
    ['one row in fifty', every(50)],
    ['a filter that allows nothing', every(1, stored)],
  ])('gives the same answers with %s', (_, allowed) => {
    for (const ef of [1, 10, 80]) {
      const found = ours.search(queries, 10, ef, allowed);
      const expected = theirs.search(queries, 10, ef, allowed);
      expect(found.counts).toEqual(expected.counts);
      // By score: the distances differ in their last digits, and rows that are equally far may change places.
      for (const [at, score] of expected.scores.entries()) expect(found.scores[at]).toBeCloseTo(score, 5);
    }
  });
});

describe('the addon', () => {
  it('opens a file only as what it is', () => {
    const file = path.join(folder, 'small');
    writeGraph(file, 8, 50);
    const { HnswIndex } = native();
    for (const dimensions of [4, 16, 1_048_576]) {
      expect(() => new HnswIndex('open', `as ${dimensions}`, dimensions, file, 50)).toThrow('other dimensions');
    }
    expect(() => new HnswIndex('open', 'as more', 8, file, 51)).toThrow('another count');
    const opened = new HnswIndex('open', 'small', 8, file, 50);
    expect(() => new HnswIndex('open', 'small', 8, file, 777)).toThrow('another count');
    expect(() => new HnswIndex('create', 'small', 8, 50, 8, 60, 5)).toThrow('in another way');
    opened.close();
    expect(() => new HnswIndex('open', 'absent', 8, path.join(folder, 'absent'), 50)).toThrow();
  });

  it('does not search what grows, and adds nothing to what came from a file', () => {
    const { HnswIndex } = native();
    const growing = new HnswIndex('create', 'growing', 8, 10, 8, 60, 5);
    expect(() => growing.search(drawn(1, 8, 1), 5, 5, null)).toThrow('grows');
    growing.save(path.join(folder, 'empty'));
    growing.close();
    const empty = new HnswIndex('open', 'empty', 8, path.join(folder, 'empty'), 0);
    expect(empty.search(drawn(2, 8, 1), 5, 5, null).counts).toEqual(Uint32Array.of(0, 0));
    expect(() => {
      empty.add(Uint32Array.of(0), drawn(1, 8, 1));
    }).toThrow('from a file');
    empty.close();
  });

  it('says so where an index cannot be written or made', () => {
    const { HnswIndex, VectorFile } = native();
    const growing = new HnswIndex('create', 'to nowhere', 8, 10, 8, 60, 5);
    growing.add(Uint32Array.of(0), drawn(1, 8, 1));
    expect(() => {
      growing.save(path.join(folder, 'no', 'folder'));
    }).toThrow('could not be written');
    growing.close();
    for (const m of [0, 1]) expect(() => new HnswIndex('create', `m ${m}`, 8, 10, m, 60, 5)).toThrow('2 links');
    const bytes = path.join(folder, 'four-bytes');
    writeFileSync(bytes, new Uint8Array(4));
    // Their product is 1 in 64 bits.
    expect(() => new VectorFile(bytes, 2_147_418_113, 2_147_549_185)).toThrow();
  });
});
