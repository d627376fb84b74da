import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import { vectorKinds, type VectorKind } from '../../domain/search.js';
import { vectorToBytes } from '../../domain/vector.js';
import type { BuildResult } from './generation-builder.js';
import type { IndexFileEntry } from './manifest.js';
import { readNumbers } from './read-numbers.js';
import { vectorChunks, type EmbeddingSource, type StoredVector } from '../../ports/embedding-source.js';

/** An index beside the database that it was made from, by the vectors of one kind. */
export interface IndexComparison {
  readonly kind: VectorKind;
  /** Vectors that both have. */
  readonly compared: number;
  /** Of those, the ones whose numbers or whose panel are not equal. */
  readonly differing: number;
  /** Vectors of the database that the index lacks although they are older than its last one. */
  readonly missing: number;
  /** Vectors of the index that are no longer in the database. */
  readonly deleted: number;
}

const sampleSize = 64;

/** Whether the index holds what the database holds, as far as it was compared; deleted vectors never answer. */
export function isEqual({ differing, missing }: IndexComparison): boolean {
  return differing === 0 && missing === 0;
}

/** @throws {FigseekError} INDEX_UNAVAILABLE where the generation is not made from this database */
export function assertEqual(generation: string, comparisons: readonly IndexComparison[]): void {
  const wrong = comparisons.find((comparison) => !isEqual(comparison));
  if (wrong === undefined) return;
  const { kind, differing, compared, missing } = wrong;
  throw new FigseekError(
    'INDEX_UNAVAILABLE',
    `${generation} was not made from this database: of its ${kind} vectors ${differing} of ${compared} compared differ, and ${missing} are missing`,
  );
}

/** Compares every vector of a generation with the database. */
export async function compareAll(
  generation: BuildResult,
  source: EmbeddingSource,
): Promise<readonly IndexComparison[]> {
  return compareKinds(generation, async (file, kind) => {
    const { space } = generation.manifest;
    let [compared, differing, missing] = [0, 0, 0];
    for await (const chunk of vectorChunks(source, space, kind)) {
      const rows = chunk.filter(({ seq }) => seq <= file.entry.lastSeq);
      for (const row of rows) {
        const isSame = await file.holds(row);
        if (isSame === null) missing += 1;
        else {
          compared += 1;
          if (!isSame) differing += 1;
        }
      }
      if (rows.length < chunk.length) break;
    }
    return { kind, compared, differing, missing, deleted: file.entry.count - compared };
  });
}

/** Compares vectors at even distances, in both directions, which takes milliseconds at any size. */
export async function compareSample(
  generation: BuildResult,
  source: EmbeddingSource,
): Promise<readonly IndexComparison[]> {
  return compareKinds(generation, async (file, kind) => {
    const { space } = generation.manifest;
    let [compared, differing, missing, deleted] = [0, 0, 0, 0];
    for (let i = 0; i < sampleSize; i++) {
      const label = file.labels[Math.floor((file.labels.length * i) / sampleSize)] ?? 0;
      const [row] = await source.scan(space, kind, label - 1, 1);
      if (row?.seq !== label) deleted += 1;
      else {
        compared += 1;
        if ((await file.holds(row)) !== true) differing += 1;
      }
      const [next] = await source.scan(space, kind, Math.floor((file.entry.lastSeq * i) / sampleSize), 1);
      if (next !== undefined && next.seq <= file.entry.lastSeq && file.findRow(next.seq) === null) missing += 1;
    }
    return { kind, compared, differing, missing, deleted };
  });
}

async function compareKinds(
  { folder, manifest }: BuildResult,
  compare: (file: VectorRows, kind: VectorKind) => Promise<IndexComparison>,
): Promise<readonly IndexComparison[]> {
  const comparisons: IndexComparison[] = [];
  for (const kind of vectorKinds) {
    const entry = manifest.kinds[kind];
    if (entry === null) continue;
    const file = await VectorRows.open(folder, entry, manifest.dimensions);
    try {
      comparisons.push(await compare(file, kind));
    } finally {
      await file.close();
    }
  }
  return comparisons;
}

/** The columns beside the vectors of one kind, one number for each row. */
interface VectorColumns {
  readonly entry: IndexFileEntry;
  /** `embedding.seq` of each row, ascending. */
  readonly labels: Uint32Array;
  /** Number of the panel of each row; null in a generation of version 0.1. */
  readonly panels: Uint32Array | null;
}

/** The vectors of one kind as they are stored in a generation's files. */
class VectorRows {
  private constructor(
    private readonly columns: VectorColumns,
    private readonly file: FileHandle,
    private readonly rowBytes: number,
  ) {}

  static async open(folder: string, entry: IndexFileEntry, dimensions: number): Promise<VectorRows> {
    const labels = await readNumbers(path.join(folder, entry.labels.file));
    const panels = entry.panels === undefined ? null : await readNumbers(path.join(folder, entry.panels.file));
    const file = await open(path.join(folder, entry.vectors.file), 'r');
    return new VectorRows({ entry, labels, panels }, file, dimensions * Float32Array.BYTES_PER_ELEMENT);
  }

  get entry(): IndexFileEntry {
    return this.columns.entry;
  }

  /** `embedding.seq` of each row, ascending. */
  get labels(): Uint32Array {
    return this.columns.labels;
  }

  /** Whether the vector with this label is the same, and of the same panel; null where there is none. */
  async holds({ seq, panel, vector }: StoredVector): Promise<boolean | null> {
    const row = this.findRow(seq);
    if (row === null) return null;
    const { panels } = this.columns;
    const bytes = Buffer.alloc(this.rowBytes);
    await this.file.read(bytes, 0, this.rowBytes, row * this.rowBytes);
    return bytes.equals(vectorToBytes(vector)) && (panels === null || panels[row] === panel);
  }

  /** The row of the vector with this label; null where there is none. */
  findRow(label: number): number | null {
    const { labels } = this.columns;
    let [low, high] = [0, labels.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((labels[middle] ?? 0) < label) low = middle + 1;
      else high = middle;
    }
    return labels[low] === label ? low : null;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
