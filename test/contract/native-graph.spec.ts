import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dot } from '../../src/domain/vector.js';
import { HnswlibGraph } from '../../src/adapters/hnsw/workers/hnswlib-graph.js';
import type { RowBits } from '../../src/adapters/hnsw/workers/messages.js';
import { nativeState, type NativeAddon } from '../../src/adapters/hnsw/workers/native-addon.js';
import { isAllowed } from '../../src/adapters/hnsw/workers/vector-rows.js';
import { NativeHnsw } from '../../src/adapters/hnsw/workers/native-graph.js';

const stored = 6000;
const asked = 40;

/** Unit vectors of pseudo-random numbers, as one block. (Vectors on a curve, as sines give, trap the walk of any graph.) */
function drawn(count: number, dimensions: number, seed: number): Float32Array {
  const all = new Float32Array(count * dimensions);
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5;
  for (let row = 0; row < count; row++) {
    const vector = all.subarray(row * dimensions, (row + 1) * dimensions);
    for (let i = 0; i < dimensions; i++) vector[i] = next();
    const length = Math.hypot(...vector);
    for (let i = 0; i < dimensions; i++) vector[i] = (vector[i] ?? 0) / length;
  }
  return all;
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
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
  writeFileSync(`${file}.f32`, Buffer.from(drawn(Math.max(1, count), dimensions, 1).buffer));
  const graph = NativeHnsw.create(native(), file, { dimensions, capacity: count }, parameters);
  const vectors = drawn(count, dimensions, 1);
  // In another order than that of the rows, as several threads add them.
  const rows = Uint32Array.from({ length: count }, (_, at) => (at * 17) % Math.max(1, count));
  for (const row of rows) graph.add(Uint32Array.of(row), vectors.slice(row * dimensions, (row + 1) * dimensions));
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
    ours = NativeHnsw.open(native(), { file, count: stored }, `${file}.f32`, dimensions);
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
  ])('gives answers as good as hnswlib’s, with exact scores, with %s', (_, allowed) => {
    const vectors = drawn(stored, dimensions, 1);
    for (const ef of [1, 10, 80]) {
      const found = ours.search(queries, 10, ef, allowed);
      const expected = theirs.search(queries, 10, ef, allowed);
      expect(found.counts).toEqual(expected.counts);
      // The walk compares by 8-bit numbers, so single rows may differ, the more so the fewer it keeps.
      expect(meanOf(found.scores)).toBeGreaterThan(meanOf(expected.scores) - (ef < 80 ? 0.02 : 0.002));
      expect([...found.rows].every((row) => isAllowed(allowed, row))).toBe(true);
      let at = 0;
      for (const [query, count] of found.counts.entries()) {
        const vector = queries.subarray(query * dimensions, (query + 1) * dimensions);
        expect(new Set(found.rows.subarray(at, at + count)).size).toBe(count);
        for (const end = at + count; at < end; at++) {
          const row = found.rows[at] ?? 0;
          expect(found.scores[at]).toBeCloseTo(
            dot(vector, vectors.subarray(row * dimensions, (row + 1) * dimensions)),
            5,
          );
        }
      }
    }
  });
});

describe('a damaged graph file', () => {
  const file = () => path.join(folder, 'damaged');
  const bytes = () => readFileSync(path.join(folder, 'sound'));
  const open = (changed: Buffer) => {
    writeFileSync(file(), changed);
    const { HnswIndex } = native();
    return () => new HnswIndex('open', `damaged ${Math.random()}`, 8, file(), 50, path.join(folder, 'sound.f32'));
  };
  /** Where the first record begins, and what it holds: links, the vector, the label. */
  const [header, linkBytes] = [96, 4 + 2 * 8 * 4];
  const recordBytes = linkBytes + 8 * 4 + 8;

  beforeAll(() => {
    writeGraph(path.join(folder, 'sound'), 8, 50);
  });

  it('is taken where nothing was changed', () => {
    expect(open(bytes())).not.toThrow();
    expect(bytes().readBigUInt64LE(24)).toBe(BigInt(recordBytes));
  });

  it.each([
    ['is cut in its records', (sound: Buffer) => sound.subarray(0, header + 10 * recordBytes + 7), 'cut off'],
    ['is cut in its upper levels', (sound: Buffer) => sound.subarray(0, sound.length - 3), 'cut off'],
    ['links to an element that is not there', patched(header + 4, 50), 'leads nowhere'],
    ['has more links than there is room for', patched(header, 17), 'too many links'],
    ['has a label that is no row', patched(header + recordBytes - 8, 50), 'no row'],
    ['begins at an element that is not there', patched(52, 50), 'does not fit'],
    ['has more levels than any', patched(48, 65), 'does not fit'],
    ['begins at a level that its element has not', patched(48, 30), 'another level'],
    ['has a label twice', patched(header + recordBytes - 8, 17), 'one label'],
    ['has a number that is none', patched(header + linkBytes, 0x7fc00000), 'not finite'],
    ['goes on behind its end', (sound: Buffer) => Buffer.concat([sound, Buffer.alloc(4)]), 'more bytes'],
  ] as const)('is refused where it %s', (_what, change, reason) => {
    expect(open(change(bytes()))).toThrow(reason);
  });
});

describe('a graph file with one word that is damaged', () => {
  it.each([0, 1, 0xff, 0xffff, 0x7fffffff, 0xffffffff])(
    'is refused, or searched without leaving its memory: %i in the place of each word',
    (value) => {
      const sound = path.join(folder, 'words');
      writeGraph(sound, 8, 40);
      const bytes = readFileSync(sound);
      const file = path.join(folder, 'one-word');
      const { HnswIndex } = native();
      let opened = 0;
      for (let at = 0; at + 4 <= bytes.length; at += 4) {
        const changed = Buffer.from(bytes);
        changed.writeUInt32LE(value, at);
        writeFileSync(file, changed);
        try {
          const index = new HnswIndex('open', `word ${value} ${at}`, 8, file, 40, `${sound}.f32`);
          opened += 1;
          const { rows } = index.search(drawn(1, 8, 3), 5, 20, null);
          expect([...rows].every((row) => row < 40)).toBe(true);
          index.close();
        } catch (error) {
          expect(String(error)).toMatch(/index|label|link|element|vector|bad alloc/i);
        }
      }
      expect(opened).toBeGreaterThan(0);
    },
  );
});

/** Writes a number in the place of 32 bits. */
function patched(at: number, value: number) {
  return (sound: Buffer): Buffer => {
    sound.writeUInt32LE(value, at);
    return sound;
  };
}

describe('the addon', () => {
  it('opens a file only as what it is', () => {
    const file = path.join(folder, 'small');
    writeGraph(file, 8, 50);
    const { HnswIndex } = native();
    for (const dimensions of [4, 16, 1_048_576]) {
      expect(() => new HnswIndex('open', `as ${dimensions}`, dimensions, file, 50, `${file}.f32`)).toThrow(
        'other dimensions',
      );
    }
    expect(() => new HnswIndex('open', 'as more', 8, file, 51, `${file}.f32`)).toThrow('another count');
    const opened = new HnswIndex('open', 'small', 8, file, 50, `${file}.f32`);
    expect(() => new HnswIndex('open', 'small', 8, file, 777, `${file}.f32`)).toThrow('another count');
    expect(() => new HnswIndex('create', 'small', 8, 50, 8, 60, 5)).toThrow('in another way');
    opened.close();
    expect(() => new HnswIndex('open', 'absent', 8, path.join(folder, 'absent'), 50, `${file}.f32`)).toThrow();
  });

  it('does not search what grows, and adds nothing to what came from a file', () => {
    const { HnswIndex } = native();
    const vectors = path.join(folder, 'one-vector');
    writeFileSync(vectors, Buffer.from(drawn(1, 8, 1).buffer));
    const growing = new HnswIndex('create', 'growing', 8, 10, 8, 60, 5);
    expect(() => growing.search(drawn(1, 8, 1), 5, 5, null)).toThrow('grows');
    growing.save(path.join(folder, 'empty'));
    growing.close();
    const empty = new HnswIndex('open', 'empty', 8, path.join(folder, 'empty'), 0, vectors);
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
