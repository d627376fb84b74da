import type { FigureId, PanelId } from '../../src/domain/ids.js';
import type { PanelClass } from '../../src/domain/panel-class.js';
import type { EmbeddingStore } from '../../src/ports/embedding-store.js';
import { PanelClassStore, type UnclassifiedPanel, type UnclassifiedPart } from '../../src/ports/panel-class-store.js';
import type { MemoryRecord } from './memory-figure-store.js';

/** The corpus whose panels are classified. */
interface OwnedCorpus {
  readonly records: ReadonlyMap<FigureId, MemoryRecord>;
  readonly embeddings: Pick<EmbeddingStore, 'vectorOfPanel'>;
  /** The numbers of a figure's panels, the whole figure first. */
  panelNumbersOf(figureId: FigureId): readonly number[];
  /** To be called after each change. */
  noteChange(): void;
}

interface Classifier {
  readonly number: number;
  readonly space: string;
  readonly key: string;
  readonly classes: Map<number, PanelClass>;
}

interface NumberedPanel {
  readonly id: PanelId;
  readonly number: number;
  readonly isWhole: boolean;
  readonly hasParts: boolean;
}

/** Classes of panels in memory. */
export class MemoryPanelClassStore extends PanelClassStore {
  private classifiers: Classifier[] = [];
  private shown: Classifier | null = null;
  private lastNumber = 0;

  constructor(private readonly corpus: OwnedCorpus) {
    super();
  }

  openClassifier(space: string, key: string): Promise<number> {
    const known = this.classifiers.find((one) => one.space === space && one.key === key);
    if (known !== undefined) return Promise.resolve(known.number);
    this.lastNumber += 1;
    this.classifiers.push({ number: this.lastNumber, space, key, classes: new Map() });
    return Promise.resolve(this.lastNumber);
  }

  async listUnclassified({ classifier, space, after, limit }: UnclassifiedPart): Promise<readonly UnclassifiedPanel[]> {
    const classes = this.find(classifier)?.classes;
    const found: UnclassifiedPanel[] = [];
    for (const { id, ...panel } of this.panels()) {
      const vector = await this.corpus.embeddings.vectorOfPanel(id, space, 'IMAGE');
      if (vector === null || panel.number <= after || classes?.has(panel.number) === true) continue;
      found.push({ ...panel, vector });
    }
    return found.sort((one, other) => one.number - other.number).slice(0, limit);
  }

  save(classifier: number, classes: readonly { readonly panel: number; readonly of: PanelClass }[]): Promise<void> {
    const panels = this.panels();
    for (const { panel, of } of classes) {
      const row = panels.find(({ number }) => number === panel);
      if (row !== undefined && row.hasParts === (of.method === 'PANELS')) this.find(classifier)?.classes.set(panel, of);
    }
    this.corpus.noteChange();
    return Promise.resolve();
  }

  show(classifier: number): Promise<void> {
    this.shown = this.find(classifier) ?? this.shown;
    this.classifiers = this.classifiers.filter(
      ({ number, space }) => number === classifier || space !== this.shown?.space,
    );
    this.corpus.noteChange();
    return Promise.resolve();
  }

  classesOf(panelIds: readonly string[]): Promise<ReadonlyMap<PanelId, PanelClass>> {
    const found = new Map<PanelId, PanelClass>();
    for (const { id, number, hasParts } of this.panels()) {
      const of = this.shown?.classes.get(number);
      // A whole figure that gained or lost panels waits for its class again.
      if (of !== undefined && panelIds.includes(id) && hasParts === (of.method === 'PANELS')) found.set(id, of);
    }
    return Promise.resolve(found);
  }

  forgetSpace(space: string): Promise<void> {
    this.classifiers = this.classifiers.filter((one) => one.space !== space);
    if (this.shown?.space === space) this.shown = null;
    return Promise.resolve();
  }

  private find(number: number): Classifier | undefined {
    return this.classifiers.find((one) => one.number === number);
  }

  private panels(): readonly NumberedPanel[] {
    return [...this.corpus.records.values()].flatMap(({ figure, panels }) => {
      const numbers = this.corpus.panelNumbersOf(figure.id);
      return panels.map(({ id }, at) => ({
        ...{ id, number: numbers[at] ?? 0, isWhole: at === 0, hasParts: at === 0 && panels.length > 1 },
      }));
    });
  }
}
