import type { FigureScope } from '../../src/domain/figure-scope.js';
import { figureIdOfPanel, type FigureId, type PanelId } from '../../src/domain/ids.js';
import type { ScoreStatistics } from '../../src/domain/score-statistics.js';
import { byScore, type IndexedPanel, type RankedPanel, type VectorKind } from '../../src/domain/search.js';
import { dot, validateUnitVector } from '../../src/domain/vector.js';
import { VectorIndex, type PanelVectors, type VectorAnswer, type VectorQuery } from '../../src/ports/vector-index.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { payloadOf, toPayloadCondition, type FigurePayload } from './figure-payload.js';

interface Entry extends IndexedPanel {
  readonly vectors: PanelVectors;
  readonly payload: FigurePayload;
}

/** Vectors with payloads, as a vector database keeps them: a filter is a condition on the payload, never a list of ids. */
export class MemoryVectorIndex extends VectorIndex {
  private readonly entries = new Map<PanelId, Entry>();

  /** @param collectionsOf the collections that a figure is in; absent: filters by collections are refused */
  constructor(
    private readonly dimensions: number,
    private readonly collectionsOf?: (figureId: FigureId) => readonly string[],
  ) {
    super();
  }

  add(figures: readonly FigureWrite[]): void {
    for (const figure of figures) {
      for (const { id } of figure.panels) {
        const vectorOf = (kind: VectorKind) =>
          figure.embeddings.find((one) => one.panelId === id && one.kind === kind)?.vector ?? null;
        this.entries.set(id, {
          ...{ panelId: id, figureId: figureIdOfPanel(id), imageKey: figure.figure.imageHash },
          vectors: { IMAGE: vectorOf('IMAGE'), CAPTION: vectorOf('CAPTION') },
          payload: payloadOf(figure),
        });
      }
    }
  }

  delete(figureIds: readonly string[]): void {
    for (const { panelId, figureId } of this.entries.values()) {
      if (figureIds.includes(figureId)) this.entries.delete(panelId);
    }
  }

  search(kind: VectorKind, vector: Float32Array, { k, scope = null }: VectorQuery): Promise<VectorAnswer> {
    return new Promise((resolve) => {
      validateUnitVector(vector, this.dimensions, 'the query vector');
      const isAllowed = conditionOf(scope);
      const ranked = [...this.entries.values()].flatMap((entry): (IndexedPanel & RankedPanel)[] => {
        const stored = entry.vectors[kind];
        const { panelId, figureId, imageKey, payload } = entry;
        const collections = this.collectionsOf?.(figureId) ?? payload.collections;
        if (stored === null || !isAllowed({ ...payload, collections })) return [];
        return [{ panelId, figureId, imageKey, score: dot(vector, stored) }];
      });
      resolve({ panels: ranked.sort(byScore).slice(0, k), exact: true });
    });
  }

  score(kind: VectorKind, vectors: readonly Float32Array[], panels: readonly PanelId[]) {
    const scores = new Map<PanelId, Float32Array>();
    for (const panelId of panels) {
      const stored = this.entries.get(panelId)?.vectors[kind];
      if (stored == null) continue;
      scores.set(
        panelId,
        Float32Array.from(vectors, (vector) => dot(vector, stored)),
      );
    }
    return Promise.resolve(scores);
  }

  vectorsOf(panelId: PanelId): Promise<PanelVectors> {
    return Promise.resolve(this.entries.get(panelId)?.vectors ?? { IMAGE: null, CAPTION: null });
  }

  panelsWith(kind: VectorKind, panels: readonly PanelId[]): Promise<ReadonlySet<PanelId>> {
    return Promise.resolve(new Set(panels.filter((panel) => this.entries.get(panel)?.vectors[kind] != null)));
  }

  scoreStatistics(kind: VectorKind): Promise<ScoreStatistics | null> {
    const sample = [...this.entries.values()].flatMap(({ vectors }) => vectors[kind] ?? []);
    if (sample.length === 0) return Promise.resolve(null);
    const mean = Float32Array.from(
      { length: this.dimensions },
      (_, at) => sample.reduce((sum, vector) => sum + (vector[at] ?? 0), 0) / sample.length,
    );
    return Promise.resolve({ sample, mean });
  }

  generation(): Promise<string | null> {
    return Promise.resolve(null);
  }

  status() {
    const indexed = [...this.entries.values()].filter(({ vectors }) => vectors.IMAGE !== null).length;
    return Promise.resolve({ generation: null, engine: 'memory', recall: 1, indexed, delta: 0 });
  }

  ensureBuilt(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

function conditionOf(scope: FigureScope | null): (payload: FigurePayload) => boolean {
  return scope?.filter == null ? () => true : toPayloadCondition(scope.filter);
}
