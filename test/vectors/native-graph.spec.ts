import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HnswlibGraph } from '../../src/vectors/workers/hnswlib-graph.js';
import type { RowBits } from '../../src/vectors/workers/messages.js';
import { nativeState } from '../../src/vectors/workers/native-addon.js';
import { NativeHnsw } from '../../src/vectors/workers/native-graph.js';

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

/** Allows every `step`-th row. */
function every(step: number): RowBits {
  const bits = new Uint8Array(new SharedArrayBuffer(Math.ceil(stored / 8)));
  for (let row = 0; row < stored; row += step) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  return bits;
}

// 37: what is left over when the distance has taken 32 numbers at a time.
describe.each([8, 37, 512])('a graph of %d dimensions, written by the addon and read by hnswlib', (dimensions) => {
  const { addon } = nativeState();
  if (addon === null) throw new Error('The addon is not built: npm run native');
  const parameters = { m: 8, efConstruction: 60, seed: 5 };
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'native-')), 'graph');
  const written = NativeHnsw.create(addon, file, dimensions, stored, parameters);
  written.add(
    Uint32Array.from({ length: stored }, (_, row) => row),
    drawn(stored, dimensions, 1),
  );
  written.save(file);
  written.close();
  const ours = NativeHnsw.open(addon, file, dimensions, stored);
  const theirs = HnswlibGraph.open(file, dimensions, stored);
  const queries = drawn(asked, dimensions, 77_777);

  it.each([
    ['no filter', null],
    ['half of the rows', every(2)],
    ['one row in fifty', every(50)],
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
