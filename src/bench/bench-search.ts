import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../domain/errors.js';
import { HnswThread } from '../vectors/hnsw/hnsw-thread.js';
import { percentiles, round } from './bench-embed.js';

const dimensions = 512;
const truthDepth = 100;
const k = 10;
const efs = [10, 20, 40, 80, 160, 320];
const chunk = 1000;
const inFlight = 32;

/**
 * Build and search through our own index thread, as the server uses it: one query a message, so the figures include
 * what crosses between the threads. The rival runs on the same files (docs/benchmarks.md).
 */
export async function* benchSearch(folder: string): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const vectors = await floats(folder, 'X.f32');
  const queries = await floats(folder, 'Q.f32');
  const truth = new Int32Array((await bytes(folder, 'truth.i32')).buffer);
  const count = vectors.length / dimensions;
  const thread = await HnswThread.create(dimensions, count, { m: 16, efConstruction: 128, seed: 1 });
  try {
    const startedAt = performance.now();
    for (let from = 0; from < count; from += chunk) {
      const rows = Array.from({ length: Math.min(chunk, count - from) }, (_, row) => ({
        seq: from + row,
        vector: vectors.subarray((from + row) * dimensions, (from + row + 1) * dimensions),
      }));
      await thread.add(rows);
    }
    yield { bench: 'search', step: 'build', vectors: count, seconds: round((performance.now() - startedAt) / 1000) };
    for (const ef of efs) yield { bench: 'search', ef, ...(await searchAll(thread, queries, truth, ef)) };
  } finally {
    await thread.close();
  }
}

/** Latency of one query at a time, then throughput with as many in flight as a busy server has. */
async function searchAll(thread: HnswThread, queries: Float32Array, truth: Int32Array, ef: number) {
  const rows = Array.from({ length: queries.length / dimensions }, (_, row) => row);
  const ask = (row: number) => thread.search(queries.subarray(row * dimensions, (row + 1) * dimensions), k, ef);
  const times: number[] = [];
  let found = 0;
  for (const row of rows) {
    const startedAt = performance.now();
    const neighbors = await ask(row);
    times.push(performance.now() - startedAt);
    const right = new Set(truth.subarray(row * truthDepth, row * truthDepth + k));
    found += neighbors.filter(({ seq }) => right.has(seq)).length;
  }
  const startedAt = performance.now();
  for (let from = 0; from < rows.length; from += inFlight)
    await Promise.all(rows.slice(from, from + inFlight).map(ask));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    recallAt10: found / (rows.length * k),
    searchesPerSecond: Math.round(rows.length / seconds),
    oneAtATimeMs: percentiles(times),
  };
}

async function floats(folder: string, name: string): Promise<Float32Array> {
  const content = await bytes(folder, name);
  if (content.byteLength % (4 * dimensions) !== 0) {
    throw new FigseekError('BAD_USER_INPUT', `${name} is no list of ${dimensions}-d float32 vectors`);
  }
  return new Float32Array(content.buffer);
}

async function bytes(folder: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const content = await readFile(path.join(folder, name)).catch(() => {
    throw new FigseekError('BAD_USER_INPUT', `${folder} has no ${name}; see docs/benchmarks.md for how to make it`);
  });
  // A copy at an aligned address of its own.
  return new Uint8Array(content);
}
