import { mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { VectorKind } from '../domain/search.js';
import { filteredEf, type EngineName } from '../adapters/hnsw/engine.js';
import { buildGeneration, type BuildResult } from '../adapters/hnsw/generation-builder.js';
import { allowRows, type AllowedRows } from '../adapters/hnsw/allowed-rows.js';
import { Segment } from '../adapters/hnsw/segment.js';
import type { EmbeddingSource } from '../ports/embedding-source.js';
import { nativeState } from '../adapters/hnsw/workers/native-addon.js';
import { WorkerPool } from '../adapters/hnsw/workers/worker-pool.js';
import { percentiles, round } from './measuring.js';
import { dimensions, queryCount, VectorData } from './vector-data.js';

const k = 10;
const efs = [10, 14, 16, 20, 24, 28, 32, 40, 80];
/** As many searches wait as a busy server has. */
const inFlight = 64;
const rounds = 5;

export interface SearchBench {
  readonly folder: string;
  readonly vectors: number;
  readonly engine: EngineName;
  readonly workers: readonly number[];
}

type Line = Readonly<Record<string, unknown>>;

/**
 * Build, open, search and filter through the same segments and workers as the server uses. The rival runs on the same
 * files: tools/bench/peer_hnswlib.py.
 */
export async function* benchSearch({ folder, vectors, engine, workers }: SearchBench): AsyncGenerator<Line> {
  const data = await VectorData.in(folder, vectors);
  const bench = { bench: 'search', engine, native: nativeState().addon !== null, vectors: data.count };
  const home = await mkdtemp(path.join(folder, 'generations-'));
  try {
    let published: BuildResult | null = null;
    for (const size of workers) {
      const startedAt = performance.now();
      const space = { version: 'bench', dimensions };
      published = await buildGeneration(home, space, new FileSource(data), { engine, workers: size });
      const seconds = round((performance.now() - startedAt) / 1000);
      yield { ...bench, step: 'build', workers: size, seconds, recall: published?.manifest.recall };
    }
    if (published === null) return;
    const truth = await exactAnswers(published, data, null);
    for (const size of workers) {
      const pool = new WorkerPool(size);
      const { segment, ...opened } = await open(pool, published);
      yield { ...bench, step: 'open', workers: size, ...opened };
      const queries = await data.queries();
      for (const ef of efs) {
        yield { ...bench, step: 'search', workers: size, ef, ...(await searchAll(segment, queries, ef, truth)) };
      }
      await pool.close();
    }
    for await (const line of filtered(published, data)) yield { ...bench, step: 'filter', ...line };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The same files, as SQL would give them. */
export class FileSource implements EmbeddingSource {
  constructor(private readonly data: VectorData) {}

  readonly published = new Map<string, string>();

  publishedGenerations(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(this.published);
  }

  recordGeneration(_space: string, generation: string, manifestHash: string): Promise<void> {
    this.published.set(generation, manifestHash);
    return Promise.resolve();
  }

  corpusState(): Promise<never> {
    throw new Error('The benchmark has no corpus');
  }

  scanPanels(): Promise<never> {
    throw new Error('The benchmark writes the panels of each generation');
  }

  async scan(_space: string, kind: VectorKind, after: number, limit: number) {
    if (kind === 'CAPTION') return [];
    const to = Math.min(after + limit, this.data.count);
    const floats = await this.data.vectors(after, to);
    return Array.from({ length: to - after }, (_, row) => ({
      seq: after + row + 1,
      panel: after + row + 1,
      vector: at(floats, row),
    }));
  }

  lastSeq(_space: string, kind: VectorKind): Promise<number> {
    return this.count(_space, kind);
  }

  count(_space: string, kind: VectorKind): Promise<number> {
    return Promise.resolve(kind === 'IMAGE' ? this.data.count : 0);
  }
}

async function open(pool: WorkerPool, { folder, manifest }: BuildResult) {
  const entry = manifest.kinds.IMAGE;
  if (entry === null) throw new Error('Nothing was built');
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  const segment = await Segment.open(pool, folder, dimensions, entry);
  const sizes = await Promise.all(entry.graphs.map(({ file }) => stat(path.join(folder, file))));
  return {
    segment,
    openMs: Math.round(performance.now() - startedAt),
    memoryBytesPerVector: Math.round((process.memoryUsage().rss - before) / entry.count),
    graphBytesPerVector: Math.round(sizes.reduce((sum, { size }) => sum + size, 0) / entry.count),
  };
}

/** The true ten nearest of every query, by scores. */
async function exactAnswers(published: BuildResult, data: VectorData, filter: AllowedRows | null) {
  const pool = new WorkerPool();
  const { segment } = await open(pool, published);
  const queries = await data.queries();
  const found = await Promise.all(
    Array.from({ length: queryCount }, (_, row) =>
      segment.searchExact(at(queries, row), { k, filter, signal: undefined }),
    ),
  );
  await pool.close();
  return found.map(({ rows }) => new Set(rows));
}

/** Latency of one query at a time, then throughput with as many waiting as a busy server has. */
async function searchAll(segment: Segment, queries: Float32Array, ef: number, truth: readonly Set<number>[]) {
  const ask = (row: number) => segment.searchApproximate(at(queries, row), ef, { k, filter: null, signal: undefined });
  const times: number[] = [];
  let found = 0;
  for (const [row, right] of truth.entries()) {
    const startedAt = performance.now();
    const { rows } = await ask(row);
    times.push(performance.now() - startedAt);
    found += rows.filter((one) => right.has(one)).length;
  }
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await concurrently(rounds * truth.length, (turn) => ask(turn % truth.length));
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    recallAt10: found / (truth.length * k),
    searchesPerSecond: Math.round((rounds * truth.length) / seconds),
    searchesPerCpuSecond: Math.round((rounds * truth.length * 1e6) / (user + system)),
    oneAtATimeMs: percentiles(times),
  };
}

async function concurrently(turns: number, ask: (turn: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < turns) await ask(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, client));
}

const shares = [1, 0.5, 0.1, 0.01, 0.001, 0.0001];
const filterQueries = 100;

/** Recall and time of filtered searches, chosen as the server chooses, for filters that know nothing of the vectors and for whole clusters. */
async function* filtered(published: BuildResult, data: VectorData): AsyncGenerator<Line> {
  const pool = new WorkerPool();
  const { segment } = await open(pool, published);
  const queries = await data.queries();
  const clusters = await data.clusters();
  for (const kind of ['random', 'clusters'] as const) {
    for (const share of shares) {
      const filter = kind === 'random' ? everyNth(data.count, share) : wholeClusters(clusters, share);
      const scans = !segment.hasGraph || filter.count <= segment.exactLimit;
      const asked = { k, filter, signal: undefined };
      let found = 0;
      let expected = 0;
      const times: number[] = [];
      for (let row = 0; row < filterQueries; row++) {
        const query = at(queries, row);
        const startedAt = performance.now();
        const got = scans
          ? await segment.searchExact(query, asked)
          : await segment.searchApproximate(query, filteredEf(k, data.count), asked);
        times.push(performance.now() - startedAt);
        const right = new Set((await segment.searchExact(query, asked)).rows);
        found += got.rows.filter((one) => right.has(one)).length;
        expected += right.size;
      }
      yield {
        filter: kind,
        share,
        allowed: filter.count,
        exact: scans,
        recallAt10: found / expected,
        ms: percentiles(times),
      };
    }
  }
  await pool.close();
}

function everyNth(count: number, share: number): AllowedRows {
  const step = 1 / share;
  const rows = Array.from({ length: Math.floor(count * share) }, (_, i) => Math.floor(i * step));
  return allowOnly(rows, count);
}

/** Cluster after cluster until the share is reached: as a modality or a journal would choose. */
function wholeClusters(clusters: Int32Array, share: number): AllowedRows {
  const rowsOf = new Map<number, number[]>();
  for (const [row, cluster] of clusters.entries()) {
    const rows = rowsOf.get(cluster) ?? [];
    rows.push(row);
    rowsOf.set(cluster, rows);
  }
  // In an order that has nothing to do with their size.
  const inTurn = [...rowsOf].sort(([a], [b]) => ((a * 7919) % 2003) - ((b * 7919) % 2003));
  const chosen = inTurn.flatMap(([, rows]) => rows).slice(0, Math.floor(clusters.length * share));
  return allowOnly(chosen, clusters.length);
}

function allowOnly(rows: readonly number[], count: number): AllowedRows {
  const chosen = new Set(rows);
  return allowRows(range(count), (row) => chosen.has(row));
}

function range(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

function at(floats: Float32Array, row: number): Float32Array {
  return floats.subarray(row * dimensions, (row + 1) * dimensions);
}
