import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { VectorKind } from '../../domain/search.js';
import { vectorToBytes } from '../../domain/vector.js';
import { graphParameters, type EngineName } from './engine.js';
import { buildGraphs } from './graph-building.js';
import {
  describeFile,
  manifestHash,
  writeManifest,
  type IndexFileEntry,
  type Manifest,
  type FileEntry,
} from './manifest.js';
import { measureRecall } from './recall.js';
import { filesOf, Segment } from './segment.js';
import { vectorChunks, type EmbeddingSource } from '../../ports/embedding-source.js';
import { WorkerPool } from './workers/worker-pool.js';

const generationsKept = 2;
/** Vectors of its own that a new generation is asked with before it is published. */
const recallSample = 20;

export interface Space {
  /** The model's version. */
  readonly version: string;
  readonly dimensions: number;
}

/** A generation on disk: its folder and what is inside. */
export interface BuildResult {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface BuildOptions {
  readonly engine: EngineName;
  /** Ends the build; nothing is left of it. */
  readonly signal?: AbortSignal;
  /** All cores by default. */
  readonly workers?: number;
}

/**
 * Makes a generation from SQL beside the one that is served: vectors, graphs, recall, manifest, fsync, rename. A folder
 * with the final name is always whole. It has workers of its own, so that searches keep theirs.
 * @returns null where there is no vector to index
 */
export async function buildGeneration(
  home: string,
  space: Space,
  source: EmbeddingSource,
  { engine, signal, workers }: BuildOptions,
): Promise<BuildResult | null> {
  await removeAbandoned(home);
  const building = path.join(home, `${buildingPrefix}${process.pid}-${randomUUID()}`);
  await mkdir(building, { recursive: true });
  const pool = new WorkerPool(workers);
  const stop = (): void => void pool.close();
  signal?.addEventListener('abort', stop);
  try {
    const builder = new GenerationBuilder(building, space, source, engine, pool);
    const image = await builder.kind('IMAGE');
    const caption = await builder.kind('CAPTION');
    if (image === null && caption === null) return null;
    const manifest: Manifest = {
      format: 2,
      generation: `g${new Date().toISOString().replace(/\D/g, '')}`,
      engine,
      space: space.version,
      dimensions: space.dimensions,
      m: graphParameters.m,
      efConstruction: graphParameters.efConstruction,
      createdAt: new Date().toISOString(),
      recall: Math.min(image?.recall ?? 1, caption?.recall ?? 1),
      kinds: { IMAGE: image?.entry ?? null, CAPTION: caption?.entry ?? null },
    };
    await writeManifest(building, manifest);
    const folder = path.join(home, manifest.generation);
    await syncAll(building);
    signal?.throwIfAborted();
    // First the database, then the files: a generation without files is none, files that the database does not know are
    // compared whole before they serve.
    await source.recordGeneration(space.version, manifest.generation, manifestHash(manifest));
    await rename(building, folder);
    await prune(home, await source.publishedGenerations(space.version));
    return { folder, manifest };
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
    await rm(building, { recursive: true, force: true });
  }
}

/** Names of the published generations, newest first. */
export async function listGenerations(home: string): Promise<readonly string[]> {
  const names = await readdir(home).catch(() => []);
  return names
    .filter((name) => /^g\d+$/.test(name))
    .sort()
    .reverse();
}

class GenerationBuilder {
  constructor(
    private readonly folder: string,
    private readonly space: Space,
    private readonly source: EmbeddingSource,
    private readonly engine: EngineName,
    private readonly pool: WorkerPool,
  ) {}

  async kind(kind: VectorKind): Promise<{ entry: IndexFileEntry; recall: number } | null> {
    const name = kind.toLowerCase();
    const written = await this.writeVectors(kind, name);
    if (written === null) return null;
    const bare = { ...written.entry, graphs: [] };
    const files = filesOf(this.folder, this.space.dimensions, bare);
    const graphs = await buildGraphs(this.pool, this.engine, files, this.folder, name);
    const entry: IndexFileEntry = { ...bare, graphs: [...graphs] };
    // Measured on the files as they were written: what cannot be opened again is not published.
    const segment = await Segment.open(this.pool, this.folder, this.space.dimensions, entry);
    try {
      return { entry, recall: (await measureRecall(segment, written.sample)) ?? 1 };
    } finally {
      await segment.close();
    }
  }

  /** Vectors and labels as they stand in SQL now; rows that come in meanwhile are the delta's. */
  private async writeVectors(kind: VectorKind, name: string) {
    const bound = await this.source.lastSeq(this.space.version, kind);
    const every = Math.max(1, Math.floor((await this.source.count(this.space.version, kind)) / recallSample));
    const seqs: number[] = [];
    const panels: number[] = [];
    const sum = new Float64Array(this.space.dimensions);
    const sample: Float32Array[] = [];
    const vectors = path.join(this.folder, `${name}.f32`);
    const file = await open(vectors, 'wx');
    try {
      for await (const chunk of vectorChunks(this.source, this.space.version, kind)) {
        const rows = chunk.filter(({ seq }) => seq <= bound);
        await file.writeFile(Buffer.concat(rows.map(({ vector }) => vectorToBytes(vector))));
        for (const { seq, panel, vector } of rows) {
          if (seqs.length % every === 0 && sample.length < recallSample) sample.push(vector);
          seqs.push(seq);
          panels.push(panel);
          for (let i = 0; i < vector.length; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
        }
        if (rows.length < chunk.length) break;
      }
    } finally {
      await file.close();
    }
    const lastSeq = seqs.at(-1);
    if (lastSeq === undefined) {
      await rm(vectors);
      return null;
    }
    const entry = {
      count: seqs.length,
      lastSeq,
      vectors: await describeFile(vectors),
      labels: await this.writeNumbers(`${name}.seq`, seqs),
      panels: await this.writeNumbers(`${name}.panels`, panels),
      mean: Array.from(sum, (value) => value / seqs.length),
    };
    return { entry, sample };
  }

  private async writeNumbers(name: string, numbers: readonly number[]): Promise<FileEntry> {
    const file = path.join(this.folder, name);
    await writeFile(file, new Uint8Array(Uint32Array.from(numbers).buffer));
    return describeFile(file);
  }
}

async function syncAll(folder: string): Promise<void> {
  for (const name of [...(await readdir(folder)), '.']) {
    const handle = await open(path.join(folder, name), 'r');
    await handle.sync();
    await handle.close();
  }
}

/** Those of another database, a copy with the same id, are not counted. */
async function prune(home: string, known: ReadonlyMap<string, string>): Promise<void> {
  const own = (await listGenerations(home)).filter((name) => known.has(name));
  for (const old of own.slice(generationsKept)) {
    await rm(path.join(home, old), { recursive: true, force: true });
  }
}

const buildingPrefix = '.building-';

/** What a process left that was killed while it built. */
async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home).catch(() => [])) {
    const pid = Number(/^\.building-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (name.startsWith(buildingPrefix) && !isRunning(pid)) {
      await rm(path.join(home, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
