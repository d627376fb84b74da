import path from 'node:path';
import type { RankedPanel, VectorKind } from '../domain/search.js';
import { messageOf } from '../domain/errors.js';
import { checkedUnitVector } from '../domain/vector.js';
import { Delta } from './delta.js';
import { scanExactly } from './exact-scan.js';
import { buildGeneration, defaultEf, listGenerations, type Published, type Space } from './generation-builder.js';
import { HnswThread } from './hnsw/hnsw-thread.js';
import { readManifest, type Manifest } from './manifest.js';
import { byScore, type Neighbor } from './neighbor.js';
import { measureRecall } from './recall.js';
import { vectorChunks, type VectorSource } from './vector-source.js';

/** Past this many new vectors a generation is built in the background: an exact scan of them costs about 2 ms. */
const largestDelta = 5000;

/** What is served now: a published generation (or none yet) with the vectors that came since. */
interface Served {
  readonly manifest: Manifest | null;
  readonly threads: Readonly<Record<VectorKind, HnswThread | null>>;
  readonly deltas: Readonly<Record<VectorKind, Delta>>;
}

/** All vectors of one model version: published HNSW generation plus delta, kept up with SQL at each search. */
export class VectorSpace {
  private served: Served | null = null;
  private opening: Promise<Served> | null = null;
  private building: Promise<Manifest | null> | null = null;

  constructor(
    private readonly home: string,
    readonly space: Space,
    private readonly source: VectorSource,
    /** Told what went wrong where search goes on all the same: an unfit generation, a build that failed. */
    private readonly onProblem: (message: string) => void,
  ) {}

  /** Opens the newest generation that fits; unfit ones are passed over, and SQL serves in their place. */
  async open(): Promise<void> {
    await this.current();
  }

  /**
   * Panels nearest to a unit vector, best first.
   * @param exact compare with every stored vector in place of the approximate index
   */
  async search(kind: VectorKind, vector: Float32Array, k: number, exact = false): Promise<readonly RankedPanel[]> {
    checkedUnitVector(vector, this.space.dimensions, 'the query vector');
    // Vectors deleted since the build are still in the file: ask for more until enough of them are alive.
    for (let wanted = k + 8; ; wanted *= 2) {
      const neighbors = exact ? await this.exactly(kind, vector, wanted) : await this.nearest(kind, vector, wanted);
      const panels = await this.source.panelsBySeq(neighbors.map(({ seq }) => seq));
      const alive = neighbors.flatMap(({ seq, score }) => {
        const panelId = panels.get(seq);
        return panelId === undefined ? [] : [{ panelId, score }];
      });
      if (alive.length >= k || neighbors.length < wanted) return alive.slice(0, k);
    }
  }

  /** Makes and serves a new generation; a call during a build joins it. */
  build(): Promise<Manifest | null> {
    this.building ??= this.rebuild().finally(() => (this.building = null));
    return this.building;
  }

  /** Builds when there is none to serve or the delta has grown too large; true when it built. */
  async buildIfNeeded(): Promise<boolean> {
    const { manifest, deltas } = await this.current();
    await this.catchUp('IMAGE');
    await this.catchUp('CAPTION');
    const waiting = Math.max(deltas.IMAGE.size, deltas.CAPTION.size);
    if (manifest === null ? waiting === 0 : waiting < largestDelta) return false;
    await this.build();
    return true;
  }

  /** recall@10 of what is served against exact search; null where nothing is stored. */
  async recall(kind: VectorKind, sampleSize: number): Promise<number | null> {
    const lastSeq = await this.source.lastSeq(this.space.version, kind);
    return measureRecall(
      this.source,
      this.space.version,
      kind,
      lastSeq,
      (vector, k) => this.nearest(kind, vector, k),
      sampleSize,
    );
  }

  async status(): Promise<{ generation: string | null; recall: number | null; indexed: number; delta: number }> {
    const { manifest, deltas } = await this.current();
    await this.catchUp('IMAGE');
    return {
      generation: manifest?.generation ?? null,
      recall: manifest?.recall ?? null,
      indexed: (manifest?.indexes.IMAGE?.count ?? 0) + deltas.IMAGE.size,
      delta: deltas.IMAGE.size,
    };
  }

  async close(): Promise<void> {
    await this.building?.catch(() => undefined);
    const served = await this.opening?.catch(() => null);
    if (served !== null && served !== undefined) await closeThreads(this.served ?? served);
  }

  private exactly(kind: VectorKind, vector: Float32Array, k: number): Promise<readonly Neighbor[]> {
    return scanExactly(this.source, this.space.version, kind, [vector], k).then(([best]) => best ?? []);
  }

  private async nearest(kind: VectorKind, vector: Float32Array, k: number): Promise<readonly Neighbor[]> {
    const served = await this.catchUp(kind);
    let published: readonly Neighbor[];
    try {
      published = (await served.threads[kind]?.search(vector, k, defaultEf(k))) ?? [];
    } catch (error) {
      // A new generation took this one's place between the two lines above: ask that one.
      if (served !== this.served) return this.nearest(kind, vector, k);
      throw error;
    }
    return [...published, ...served.deltas[kind].search(vector, k)].sort(byScore).slice(0, k);
  }

  /** Reads what was committed since, by this process or another one, into the delta. */
  private async catchUp(kind: VectorKind): Promise<Served> {
    const served = await this.current();
    const delta = served.deltas[kind];
    if ((await this.source.lastSeq(this.space.version, kind)) > delta.lastSeq) {
      for await (const chunk of vectorChunks(this.source, this.space.version, kind, delta.lastSeq)) {
        for (const { seq, vector } of chunk) delta.append(seq, vector);
      }
      if (delta.size > largestDelta) this.buildInBackground();
    }
    return served;
  }

  private async current(): Promise<Served> {
    if (this.served !== null) return this.served;
    this.opening ??= this.openNewest();
    return this.opening;
  }

  private async openNewest(): Promise<Served> {
    for (const name of await listGenerations(this.home)) {
      try {
        const folder = path.join(this.home, name);
        const manifest = await readManifest(folder, this.space.version, this.space.dimensions);
        return (this.served = await serve({ folder, manifest }));
      } catch (error) {
        // Unfit (cut, changed, another model's): an older one, or SQL alone, gives the same answers.
        this.onProblem(`The index generation ${name} is passed over: ${messageOf(error)}`);
      }
    }
    return (this.served = emptySpace());
  }

  private buildInBackground(): void {
    if (this.building !== null) return;
    this.build().catch((error: unknown) => {
      this.onProblem(`No new index generation could be built: ${messageOf(error)}`);
    });
  }

  private async rebuild(): Promise<Manifest | null> {
    const published = await buildGeneration(this.home, this.space, this.source);
    if (published === null) return null;
    const before = await this.current();
    this.served = await serve(published);
    await closeThreads(before);
    return published.manifest;
  }
}

function emptySpace(): Served {
  return {
    manifest: null,
    threads: { IMAGE: null, CAPTION: null },
    deltas: { IMAGE: new Delta(0), CAPTION: new Delta(0) },
  };
}

async function serve({ folder, manifest }: Published): Promise<Served> {
  const thread = async (kind: VectorKind): Promise<HnswThread | null> => {
    const entry = manifest.indexes[kind];
    return entry === null ? null : HnswThread.open(path.join(folder, entry.file), manifest.dimensions, entry.count);
  };
  const delta = (kind: VectorKind): Delta => new Delta(manifest.indexes[kind]?.lastSeq ?? 0);
  return {
    manifest,
    threads: { IMAGE: await thread('IMAGE'), CAPTION: await thread('CAPTION') },
    deltas: { IMAGE: delta('IMAGE'), CAPTION: delta('CAPTION') },
  };
}

async function closeThreads({ threads }: Served): Promise<void> {
  await Promise.all([threads.IMAGE?.close(), threads.CAPTION?.close()]);
}
