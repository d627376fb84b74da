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
import { toSegmentFiles, Segment } from './segment.js';
import { isAlive } from '../../platform/is-alive.js';
import { vectorChunks, type EmbeddingSource } from '../../ports/embedding-source.js';
import { WorkerPool } from './workers/worker-pool.js';

const generationsKept = 2;
/** Number of its own vectors that a new generation is searched with before it is published. */
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

/** A vector file with its graphs, and the recall of these. */
interface BuiltKind {
  readonly entry: IndexFileEntry;
  readonly recall: number;
}

/**
 * Makes a generation from SQL beside the one that is served: vectors, graphs, recall, manifest, fsync, rename. A folder
 * with the final name is always complete. The build has its own workers, so that searches keep theirs.
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
    const builder = new GenerationBuilder({ folder: building, space, source, engine, pool });
    const manifest = await builder.build();
    if (manifest === null) return null;
    const folder = path.join(home, manifest.generation);
    await syncAll(building);
    signal?.throwIfAborted();
    // The database comes first, then the files: an entry without files is ignored, and files without an entry are
    // compared with the database as a whole before they are used.
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

/** What a generation is built from and with, and the folder that it is written to. */
interface BuildContext {
  readonly folder: string;
  readonly space: Space;
  readonly source: EmbeddingSource;
  readonly engine: EngineName;
  readonly pool: WorkerPool;
}

class GenerationBuilder {
  constructor(private readonly context: BuildContext) {}

  /** @returns the manifest, which is written beside the files; null where there is no vector */
  async build(): Promise<Manifest | null> {
    const { folder, engine, space } = this.context;
    const image = await this.buildKind('IMAGE');
    const caption = await this.buildKind('CAPTION');
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
    await writeManifest(folder, manifest);
    return manifest;
  }

  private async buildKind(kind: VectorKind): Promise<BuiltKind | null> {
    const { folder, space, engine, pool } = this.context;
    const name = kind.toLowerCase();
    const written = await this.writeVectors(kind, name);
    if (written === null) return null;
    const bare = { ...written.entry, graphs: [] };
    const files = toSegmentFiles(folder, space.dimensions, bare);
    const graphs = await buildGraphs(pool, engine, files, path.join(folder, name));
    const entry: IndexFileEntry = { ...bare, graphs: [...graphs] };
    // Recall is measured on the files as they were written: files that cannot be opened again are not published.
    const segment = await Segment.open(pool, folder, space.dimensions, entry);
    try {
      return { entry, recall: (await measureRecall(segment, written.sample)) ?? 1 };
    } finally {
      await segment.close();
    }
  }

  /** Writes vectors and labels as they are in SQL now; rows that are added meanwhile belong to the segment of recent vectors. */
  private async writeVectors(kind: VectorKind, name: string) {
    const { folder, source, space } = this.context;
    const bound = await source.lastSeq(space.version, kind);
    const every = Math.max(1, Math.floor((await source.count(space.version, kind)) / recallSample));
    const seqs: number[] = [];
    const panels: number[] = [];
    const sum = new Float64Array(space.dimensions);
    const sample: Float32Array[] = [];
    const vectors = path.join(folder, `${name}.f32`);
    const file = await open(vectors, 'wx');
    try {
      for await (const chunk of vectorChunks(source, space.version, kind)) {
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
    const file = path.join(this.context.folder, name);
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

/** Deletes old generations. Those of another database, a copy with the same id, are not counted. */
async function prune(home: string, known: ReadonlyMap<string, string>): Promise<void> {
  const own = (await listGenerations(home)).filter((name) => known.has(name));
  for (const old of own.slice(generationsKept)) {
    await rm(path.join(home, old), { recursive: true, force: true });
  }
}

const buildingPrefix = '.building-';

/** Deletes what was left by a process that was killed while it built. */
async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home).catch(() => [])) {
    const pid = Number(/^\.building-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (name.startsWith(buildingPrefix) && !(Number.isInteger(pid) && isAlive(pid))) {
      await rm(path.join(home, name), { recursive: true, force: true });
    }
  }
}
