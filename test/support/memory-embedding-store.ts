import {
  revisionOf,
  type BackfilledEmbedding,
  type NewEmbedding,
  type UnembeddedPanel,
} from '../../src/domain/embedding.js';
import type { Panel } from '../../src/domain/figure.js';
import { figureIdOfPanel, type FigureId, type PanelId } from '../../src/domain/ids.js';
import type { VectorKind } from '../../src/domain/search.js';
import { EmbeddingStore } from '../../src/ports/embedding-store.js';
import type { MemoryRecord } from './memory-figure-store.js';

/** The corpus that the vectors belong to. */
interface OwnedCorpus {
  readonly records: ReadonlyMap<FigureId, MemoryRecord>;
}

/** Vectors of panels in memory. */
export class MemoryEmbeddingStore extends EmbeddingStore {
  /** Numbers of panels, which are never given twice. */
  private readonly numbers = new Map<string, number>();
  private readonly vectors = new Map<string, NewEmbedding>();
  private lastNumber = 0;

  constructor(private readonly corpus: OwnedCorpus) {
    super();
  }

  /** Deletes the vectors of the figure's panels. */
  forgetFigure(figureId: FigureId): void {
    for (const [key, { panelId }] of this.vectors) {
      if (figureIdOfPanel(panelId as PanelId) === figureId) this.vectors.delete(key);
    }
  }

  /** Gives the panels of a figure new numbers, and these vectors in the place of all others. */
  replace(figureId: FigureId, panels: readonly Panel[], embeddings: readonly NewEmbedding[]): void {
    this.forgetFigure(figureId);
    for (const { id } of panels) this.numbers.set(id, (this.lastNumber += 1));
    for (const one of embeddings) this.vectors.set(keyOf(one.panelId, one.space, one.kind), one);
  }

  ofPanel(panelId: PanelId): readonly NewEmbedding[] {
    return [...this.vectors.values()].filter((one) => one.panelId === panelId);
  }

  /** Whether each of the panels has an image vector of the space. */
  areEmbedded(panels: readonly Panel[], space: string): boolean {
    return panels.every(({ id }) => this.vectors.has(keyOf(id, space, 'IMAGE')));
  }

  add(embeddings: readonly BackfilledEmbedding[]): Promise<void> {
    for (const { revision, ...one } of embeddings) {
      const isThere = this.present().some(
        ({ panel, record }) =>
          panel.id === one.panelId &&
          revisionOf(record.recordHash, record.correctedAt, record.edits?.at ?? null) === revision,
      );
      const key = keyOf(one.panelId, one.space, one.kind);
      if (isThere && !this.vectors.has(key)) this.vectors.set(key, one);
    }
    return Promise.resolve();
  }

  listPanelsMissingEmbedding(space: string, seq: number, limit: number): Promise<readonly UnembeddedPanel[]> {
    const missing = this.missing(space)
      .map(({ panel, record: { figure, recordHash, correctedAt, edits } }) => {
        const { sourceKey, imageHash } = figure;
        const revision = revisionOf(recordHash, correctedAt, edits?.at ?? null);
        return { seq: this.numbers.get(panel.id) ?? 0, panel, sourceKey, imageHash, revision };
      })
      .filter((one) => one.seq > seq)
      .sort((one, other) => one.seq - other.seq);
    return Promise.resolve(missing.slice(0, limit));
  }

  countPanelsMissingEmbedding(space: string): Promise<number> {
    return Promise.resolve(this.missing(space).length);
  }

  vectorOfPanel(panelId: string, space: string, kind: VectorKind): Promise<Float32Array | null> {
    const isThere = this.present().some(({ panel }) => panel.id === panelId);
    return Promise.resolve((isThere ? this.vectors.get(keyOf(panelId, space, kind))?.vector : null) ?? null);
  }

  async imageVectorsOfPanels(ids: readonly string[], space: string): Promise<ReadonlyMap<PanelId, Float32Array>> {
    const found = new Map<PanelId, Float32Array>();
    for (const id of ids) {
      const vector = await this.vectorOfPanel(id, space, 'IMAGE');
      if (vector !== null) found.set(id as PanelId, vector);
    }
    return found;
  }

  sampleImageVectors(space: string, count: number): Promise<ReadonlyMap<PanelId, Float32Array>> {
    const all = [...this.vectors.values()].filter(
      (one) => one.space === space && one.kind === 'IMAGE' && one.panelId.endsWith('_0'),
    );
    const chosen = all.filter((_, at) => at % Math.ceil(all.length / count) === 0);
    return Promise.resolve(new Map(chosen.map(({ panelId, vector }) => [panelId as PanelId, vector])));
  }

  spaces(): Promise<readonly string[]> {
    return Promise.resolve([...new Set([...this.vectors.values()].map(({ space }) => space))]);
  }

  deleteSpace(space: string): Promise<number> {
    const keys = [...this.vectors].filter(([, one]) => one.space === space).map(([key]) => key);
    for (const key of keys) this.vectors.delete(key);
    return Promise.resolve(keys.length);
  }

  private missing(space: string) {
    return this.present().filter(({ panel }) => !this.vectors.has(keyOf(panel.id, space, 'IMAGE')));
  }

  private present(): readonly { readonly panel: Panel; readonly record: MemoryRecord }[] {
    return [...this.corpus.records.values()].flatMap((record) => record.panels.map((panel) => ({ panel, record })));
  }
}

function keyOf(panelId: string, space: string, kind: VectorKind): string {
  return `${panelId} ${space} ${kind}`;
}
