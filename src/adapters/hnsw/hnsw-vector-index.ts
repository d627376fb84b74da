import path from 'node:path';
import type { CorpusState } from '../../domain/corpus-state.js';
import { allowsAll, type FigureScope } from '../../domain/figure-scope.js';
import type { PanelId } from '../../domain/ids.js';
import type { ScoreStatistics } from '../../domain/score-statistics.js';
import { vectorKinds, type IndexedPanel, type RankedPanel, type VectorKind } from '../../domain/search.js';
import { validateUnitVector } from '../../domain/vector.js';
import {
  VectorIndex,
  type PanelVectors,
  type VectorAnswer,
  type VectorIndexStatus,
  type VectorQuery,
} from '../../ports/vector-index.js';
import { compareAll, type IndexComparison } from './compare-generation.js';
import type { Space } from './generation-builder.js';
import type { AllowedRowsOfKind, IndexSnapshot } from './index-snapshot.js';
import type { Manifest } from './manifest.js';
import { nearestRows } from './nearest-rows.js';
import { measureRecall } from './recall.js';
import { ServedIndex, type HnswVectorIndexOptions, type IndexSources } from './served-index.js';
import { scoreRows, vectorOfRow } from './stored-vectors.js';

/** All vectors of one model version: published generation plus delta, brought up to date with SQL at each search. */
export class HnswVectorIndex extends VectorIndex {
  private readonly index: ServedIndex;

  constructor(
    readonly space: Space,
    private readonly sources: IndexSources,
    private readonly options: HnswVectorIndexOptions,
  ) {
    super();
    this.index = new ServedIndex(space, sources, options);
  }

  /** Makes and serves a new generation; a call during a build joins it. */
  build(): Promise<Manifest | null> {
    return this.index.build();
  }

  ensureBuilt(): Promise<boolean> {
    return this.index.ensureBuilt();
  }

  /** Ends a build that is under way: it can be made again from SQL at any time. */
  close(): Promise<void> {
    return this.index.close();
  }

  async search(kind: VectorKind, vector: Float32Array, query: VectorQuery): Promise<VectorAnswer> {
    validateUnitVector(vector, this.space.dimensions, `the query vector for ${this.space.version}`);
    const { panels } = this.sources;
    return this.index.upToDate(query.asOf, async (served) => {
      const filter = await this.allowedRows(served, kind, query.scope ?? null);
      // Vectors deleted since the build are still in the files: ask for more until enough of them are alive.
      for (let wanted = query.k + 8; ; wanted *= 2) {
        const asked = { ...query, kind, vector, k: wanted, filter };
        const { neighbors, exact } = await nearestRows(this.index.pool, served, asked);
        const alive: (IndexedPanel & RankedPanel)[] = [];
        for (const { panel, score } of neighbors) {
          const found = panels.panel(panel);
          if (found === null) continue;
          const { panelId, figureId, imageKey } = found;
          alive.push({ panelId, figureId, imageKey, score });
        }
        if (alive.length >= query.k || neighbors.length < wanted) return { panels: alive.slice(0, query.k), exact };
      }
    });
  }

  async score(
    kind: VectorKind,
    vectors: readonly Float32Array[],
    panels: readonly PanelId[],
  ): Promise<ReadonlyMap<PanelId, Float32Array>> {
    return this.index.withSnapshot((served) => {
      const rows = this.rowsOf(served, kind, panels);
      return scoreRows(served, kind, vectors, rows);
    });
  }

  async vectorsOf(panelId: PanelId, asOf?: CorpusState): Promise<PanelVectors> {
    return this.index.upToDate(asOf, async (served) => {
      const [image, caption] = await Promise.all(
        vectorKinds.map((kind) => vectorOfRow(served, kind, this.rowsOf(served, kind, [panelId]).get(panelId) ?? null)),
      );
      return { IMAGE: image ?? null, CAPTION: caption ?? null };
    });
  }

  async panelsWith(kind: VectorKind, panels: readonly PanelId[]): Promise<ReadonlySet<PanelId>> {
    return this.index.withSnapshot((served) => Promise.resolve(new Set(this.rowsOf(served, kind, panels).keys())));
  }

  async scoreStatistics(kind: VectorKind): Promise<ScoreStatistics | null> {
    const { panels } = this.sources;
    return this.index.withSnapshot(async (served) => {
      const kept = served.keptStatistics(kind);
      if (kept !== null) return kept;
      await this.index.update(served, await this.sources.embeddings.corpusState());
      return served.scoreStatistics(kind, (panel) => panels.figureOf(panel) !== 0);
    });
  }

  /** recall@10 of the served generation against exact search, with stored vectors as queries; null without a generation. */
  async recall(kind: VectorKind, sampleSize: number): Promise<number | null> {
    return this.index.withSnapshot(async ({ kinds }) => {
      const { segment } = kinds[kind];
      if (segment === null) return null;
      const queries: Float32Array[] = [];
      for (let i = 0; i < sampleSize; i++) {
        const from = Math.floor((segment.entry.lastSeq * i) / sampleSize);
        const [row] = await this.sources.embeddings.scan(this.space.version, kind, from, 1);
        if (row !== undefined) queries.push(row.vector);
      }
      return measureRecall(segment, queries);
    });
  }

  /** Every vector of the generation that answers beside the database; null without a generation. */
  async compare(): Promise<readonly IndexComparison[] | null> {
    return this.index.withSnapshot(async ({ manifest }) => {
      if (manifest === null) return null;
      const folder = path.join(this.options.home, manifest.generation);
      return compareAll({ folder, manifest }, this.sources.embeddings);
    });
  }

  async generation(): Promise<string | null> {
    return this.index.withSnapshot(({ manifest }) => Promise.resolve(manifest?.generation ?? null));
  }

  async status(): Promise<VectorIndexStatus> {
    return this.index.upToDate(undefined, async ({ manifest, kinds }) => ({
      generation: manifest?.generation ?? null,
      engine: manifest?.engine ?? this.options.engine,
      recall: manifest?.recall ?? null,
      indexed: await this.sources.embeddings.count(this.space.version, 'IMAGE'),
      delta: kinds.IMAGE.delta.size,
    }));
  }

  /** The row of each panel that exists and has a vector of the kind. */
  private rowsOf(served: IndexSnapshot, kind: VectorKind, panels: readonly PanelId[]): ReadonlyMap<PanelId, number> {
    const rows = new Map<PanelId, number>();
    for (const panelId of panels) {
      const number = this.sources.panels.numberOf(panelId);
      const row = number === null ? null : served.kinds[kind].rows.rowOf(number);
      if (row !== null) rows.set(panelId, row);
    }
    return rows;
  }

  private async allowedRows(
    served: IndexSnapshot,
    kind: VectorKind,
    scope: FigureScope | null,
  ): Promise<AllowedRowsOfKind | null> {
    if (scope === null || allowsAll(scope)) return null;
    const { panels, filters } = this.sources;
    return served.filter(kind, scope, () => filters.allowedFigures(scope), panels);
  }
}
