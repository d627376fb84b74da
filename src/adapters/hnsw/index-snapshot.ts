import { evenlyChosen } from '../../domain/evenly-chosen.js';
import { LRUCache } from 'lru-cache';
import type { FigureScope, FigureSet } from '../../domain/figure-scope.js';
import type { ScoreStatistics } from '../../domain/score-statistics.js';
import type { VectorKind } from '../../domain/search.js';
import type { EmbeddingSource, StoredVector } from '../../ports/embedding-source.js';
import type { PanelDirectory } from '../../ports/panel-directory.js';
import { allowRows, type AllowedRows } from './allowed-rows.js';
import { AppendableSegment } from './appendable-segment.js';
import type { BuildResult } from './generation-builder.js';
import type { Manifest } from './manifest.js';
import { PanelRows } from './panel-rows.js';
import { Segment } from './segment.js';
import { readSegmentPanels } from './segment-panels.js';
import type { WorkerPool } from './workers/worker-pool.js';

export interface AllowedRowsOfKind {
  readonly segment: AllowedRows;
  readonly delta: AllowedRows;
}

/** The vectors of one kind: those of the generation, and those that came since. */
interface KindVectors {
  readonly segment: Segment | null;
  /** Number of the panel of each row of the segment; 0 where its vector was deleted. */
  readonly segmentPanels: Uint32Array;
  readonly delta: AppendableSegment;
  readonly rows: PanelRows;
}

const sampleSize = 256;

/** Filters of 100,000 rows cost 12 KB each. */
const filterCacheSize = 64;

/** What answers now: a published generation (or none yet) with the vectors that came since. */
export class IndexSnapshot {
  private readonly filters = new LRUCache<string, Promise<AllowedRowsOfKind>>({ max: filterCacheSize });
  private readonly statistics = new Map<VectorKind, Promise<ScoreStatistics | null>>();
  private users = 0;
  private closed = false;
  /** Up to which vector of the database the deltas were filled. */
  syncedTo = 0;

  private constructor(
    readonly manifest: Manifest | null,
    readonly kinds: Readonly<Record<VectorKind, KindVectors>>,
  ) {}

  /** No generation: everything is in the delta. */
  static empty(dimensions: number): IndexSnapshot {
    const none = (): KindVectors => ({
      segment: null,
      segmentPanels: new Uint32Array(0),
      delta: new AppendableSegment(dimensions, 0),
      rows: new PanelRows(),
    });
    return new IndexSnapshot(null, { IMAGE: none(), CAPTION: none() });
  }

  static async open(
    pool: WorkerPool,
    { folder, manifest }: BuildResult,
    source: EmbeddingSource,
  ): Promise<IndexSnapshot> {
    const opened: Segment[] = [];
    const open = async (kind: VectorKind): Promise<KindVectors> => {
      const entry = manifest.kinds[kind];
      const delta = new AppendableSegment(manifest.dimensions, entry?.lastSeq ?? 0);
      if (entry === null) return { segment: null, segmentPanels: new Uint32Array(0), delta, rows: new PanelRows() };
      const segment = await Segment.open(pool, folder, manifest.dimensions, entry);
      opened.push(segment);
      const segmentPanels = segment.panels ?? (await readSegmentPanels(source, manifest.space, kind, segment.seqs));
      const rows = new PanelRows();
      segmentPanels.forEach((panel, row) => {
        rows.set(panel, row);
      });
      return { segment, segmentPanels, delta, rows };
    };
    try {
      const image = await open('IMAGE');
      return new IndexSnapshot(manifest, { IMAGE: image, CAPTION: await open('CAPTION') });
    } catch (error) {
      for (const segment of opened) await segment.close();
      throw error;
    }
  }

  /** Vectors of a kind, of which some may be deleted in SQL. */
  count(kind: VectorKind): number {
    const { segment, delta } = this.kinds[kind];
    return (segment?.entry.count ?? 0) + delta.size;
  }

  append(kind: VectorKind, stored: StoredVector): void {
    const { delta, rows, segmentPanels } = this.kinds[kind];
    const former = rows.rowOf(stored.panel);
    const row = delta.append(stored);
    if (row === null) return;
    rows.set(stored.panel, segmentPanels.length + row);
    // A panel has one vector of a kind: an older one is of vectors that were deleted and made again.
    if (former === null) return;
    if (former < segmentPanels.length) segmentPanels[former] = 0;
    else delta.forget(former - segmentPanels.length);
  }

  /** Rows whose figures a scope allows. Kept, since a person pages and changes the words while the filter stays. */
  filter(
    kind: VectorKind,
    { key, lastFigure }: FigureScope,
    read: () => Promise<FigureSet>,
    panels: Pick<PanelDirectory, 'figureOf' | 'lastNumber'>,
  ): Promise<AllowedRowsOfKind> {
    const { segmentPanels, delta } = this.kinds[kind];
    const size = delta.size;
    const name = `${kind} ${size} ${panels.lastNumber} ${lastFigure ?? ''} ${key}`;
    const kept = this.filters.get(name);
    if (kept !== undefined) return kept;
    const made = read().then((figures) => {
      const isAllowed = (panel: number): boolean => figures.has(panels.figureOf(panel));
      return { segment: allowRows(segmentPanels, isAllowed), delta: allowRows(delta.panels.slice(0, size), isAllowed) };
    });
    this.filters.set(name, made);
    made.catch(() => this.filters.delete(name));
    return made;
  }

  /**
   * Made once a generation, so that scores of one session are comparable; without a generation, anew as the delta grows.
   * @param isAlive whether a panel was not deleted since
   */
  scoreStatistics(kind: VectorKind, isAlive: (panel: number) => boolean): Promise<ScoreStatistics | null> {
    const kept = this.keptStatistics(kind);
    if (kept !== null) return kept;
    const made = this.measureScores(kind, isAlive);
    this.statistics.set(kind, made);
    made.catch(() => this.statistics.delete(kind));
    return made;
  }

  /** What `scoreStatistics` need not make anew. */
  keptStatistics(kind: VectorKind): Promise<ScoreStatistics | null> | null {
    return this.kinds[kind].segment === null ? null : (this.statistics.get(kind) ?? null);
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Works with the open indexes; they stay open until it is done, also when a new generation takes over meanwhile. */
  async acquire<T>(work: (served: this) => Promise<T>): Promise<T> {
    this.users++;
    try {
      return await work(this);
    } finally {
      this.users--;
      if (this.closed && this.users === 0) await this.closeSegments();
    }
  }

  /** Closes the indexes as soon as nobody uses them. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.users === 0) await this.closeSegments();
  }

  private async measureScores(kind: VectorKind, isAlive: (panel: number) => boolean): Promise<ScoreStatistics | null> {
    const { segment, segmentPanels, delta } = this.kinds[kind];
    const panels: ArrayLike<number> = segment === null ? delta.panels : segmentPanels;
    const rows = evenlyChosen(panels.length, sampleSize).filter((row) => isAlive(panels[row] ?? 0));
    const sample = segment === null ? rows.map((row) => delta.vectorAt(row)) : await segment.readVectors(rows);
    if (sample.length === 0) return null;
    return { sample, mean: segment === null ? meanOf(sample) : Float32Array.from(segment.entry.mean) };
  }

  private async closeSegments(): Promise<void> {
    await Promise.all([this.kinds.IMAGE.segment?.close(), this.kinds.CAPTION.segment?.close()]);
  }
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + value / vectors.length));
  return mean;
}
