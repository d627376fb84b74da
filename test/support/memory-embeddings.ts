import type { CorpusState } from '../../src/domain/corpus-state.js';
import type { FigureScope, FigureSet } from '../../src/domain/figure-scope.js';
import { FigureSet as Figures } from '../../src/domain/figure-scope.js';
import { figureIdOf, panelIdOf, type PanelId } from '../../src/domain/ids.js';
import type { VectorKind } from '../../src/domain/search.js';
import type { EmbeddingSource, StoredVector } from '../../src/ports/embedding-source.js';
import { MemoryPanelDirectory } from './memory-panel-directory.js';
import { PublishedGenerations } from './published-generations.js';

/** The panel that has a vector with this label. */
export function panelOf(label: number): PanelId {
  return panelIdOf(figureIdOf(`figure-${label}`), 0);
}

/** What the database holds, in memory: image vectors with ascending labels; the panel and its figure have the same number. */
export class MemoryEmbeddings extends PublishedGenerations implements EmbeddingSource {
  readonly rows: StoredVector[] = [];
  readonly panels = new MemoryPanelDirectory();
  private readonly deleted = new Set<number>();

  add(label: number, vector: Float32Array): void {
    this.rows.push({ seq: label, panel: label, vector });
    this.panels.store(label, panelOf(label), label, String(label));
  }

  delete(panels: readonly PanelId[]): void {
    for (const { seq } of this.rows) {
      if (!panels.includes(panelOf(seq))) continue;
      this.deleted.add(seq);
      this.panels.remove(seq);
    }
  }

  restore(): void {
    for (const label of this.deleted) this.panels.store(label, panelOf(label), label, String(label));
    this.deleted.clear();
  }

  isDeleted(label: number): boolean {
    return this.deleted.has(label);
  }

  corpusState(): Promise<CorpusState> {
    const last = this.rows.at(-1)?.seq ?? 0;
    return Promise.resolve({
      ...{ version: `${last} ${this.deleted.size}`, collectionsVersion: '0', masksVersion: '0' },
      ...{ lastFigure: last, lastPanel: last, lastEmbedding: last, lastPanelRemoval: this.deleted.size },
      lastWordChange: 0,
      lastGroupChange: 0,
    });
  }

  scan(_space: string, kind: VectorKind, after: number, limit: number): Promise<readonly StoredVector[]> {
    if (kind === 'CAPTION') return Promise.resolve([]);
    const from = this.rows.findIndex(({ seq }) => seq > after);
    const rest = from < 0 ? [] : this.rows.slice(from, from + limit + this.deleted.size);
    return Promise.resolve(rest.filter(({ seq }) => !this.deleted.has(seq)).slice(0, limit));
  }

  scanPanels(space: string, kind: VectorKind, after: number, limit: number) {
    return this.scan(space, kind, after, limit);
  }

  lastSeq(_space: string, kind: VectorKind): Promise<number> {
    return Promise.resolve(kind === 'IMAGE' ? (this.rows.at(-1)?.seq ?? 0) : 0);
  }

  count(_space: string, kind: VectorKind): Promise<number> {
    return Promise.resolve(kind === 'IMAGE' ? this.rows.length - this.deleted.size : 0);
  }
}

/** Scopes that are told by a condition on the number of a figure, in place of a filter. */
export class NumberScopes {
  private readonly conditions = new Map<string, (number: number) => boolean>();

  constructor(private readonly embeddings: MemoryEmbeddings) {}

  scope(key: string, isAllowed: (number: number) => boolean): FigureScope {
    this.conditions.set(key, isAllowed);
    return { key, filter: {}, lastFigure: null, count: this.numbersOf(key).length };
  }

  allowedFigures({ key }: FigureScope): Promise<FigureSet> {
    return Promise.resolve(Figures.of(this.numbersOf(key)));
  }

  private numbersOf(key: string): readonly number[] {
    const isAllowed = this.conditions.get(key) ?? (() => true);
    return this.embeddings.rows.flatMap(({ panel }) => (isAllowed(panel) ? [panel] : []));
  }
}
