import { isDeepStrictEqual } from 'node:util';
import { FigseekError } from '../../src/domain/errors.js';
import type { CorpusState } from '../../src/domain/corpus-state.js';
import type { CorrectionWrite, FigureWrite } from '../../src/domain/figure-write.js';
import type { Box, Figure } from '../../src/domain/figure.js';
import type { FigureId, ImageHash } from '../../src/domain/ids.js';
import { readableText, readableTextOrNull } from '../../src/domain/readable-text.js';
import { CorpusCounts } from '../../src/ports/corpus-counts.js';
import { FigureWriter } from '../../src/ports/figure-writer.js';
import { MemoryArticleStore } from './memory-article-store.js';
import { MemoryCollectionStore } from './memory-collection-store.js';
import { MemoryCurationStore } from './memory-curation-store.js';
import { MemoryFigureEditStore } from './memory-figure-edit-store.js';
import { MemoryEmbeddingStore } from './memory-embedding-store.js';
import { MemoryFigureAttributes } from './memory-figure-attributes.js';
import { MemoryFigureFilters } from './memory-figure-filters.js';
import { MemoryFigureStore, type MemoryRecord } from './memory-figure-store.js';
import { MemoryHitStore } from './memory-hit-store.js';
import { MemoryIngestRunStore } from './memory-ingest-run-store.js';
import { MemoryMaskStore } from './memory-mask-store.js';
import { MemoryPanelClassStore } from './memory-panel-class-store.js';
import { MemoryPanelDirectory } from './memory-panel-directory.js';
import { MemorySourceStore } from './memory-source-store.js';

/** The stores of one corpus in memory. */
export class MemoryCorpus {
  readonly records = new Map<FigureId, MemoryRecord>();
  readonly figures = new MemoryFigureStore();
  readonly articles = new MemoryArticleStore(this);
  readonly embeddings = new MemoryEmbeddingStore(this);
  readonly sources = new MemorySourceStore(this);
  readonly writer = new MemoryFigureWriter(this);
  readonly edits = new MemoryFigureEditStore(this);
  readonly runs = new MemoryIngestRunStore();
  readonly counts = new MemoryCorpusCounts(this);
  readonly hits = new MemoryHitStore(this);
  readonly panels = new MemoryPanelDirectory();
  readonly masks = new MemoryMaskStore((imageHash, box) => this.hasPanel(imageHash, box));
  readonly collections = new MemoryCollectionStore(this.figures);
  readonly curation = new MemoryCurationStore(this.collections);
  readonly classes = new MemoryPanelClassStore(this);
  readonly filters = new MemoryFigureFilters(this);
  readonly attributes = new MemoryFigureAttributes(this);
  private readonly numbers = new Map<FigureId, number>();
  private readonly panelNumbers = new Map<FigureId, readonly number[]>();
  private lastFigure = 0;
  private lastPanel = 0;
  private removedPanels = 0;
  private changes = 0;

  get state(): CorpusState {
    return {
      version: String(this.changes),
      collectionsVersion: this.collections.version,
      masksVersion: JSON.stringify(this.masks.all.map(({ hash, outcome }) => [hash, outcome.status])),
      lastFigure: this.lastFigure,
      lastPanel: this.lastPanel,
      lastEmbedding: this.lastPanel,
      lastPanelRemoval: this.removedPanels,
      lastWordChange: this.changes,
      lastGroupChange: 0,
    };
  }

  numberOf(figureId: FigureId): number {
    return this.numbers.get(figureId) ?? 0;
  }

  /** The whole figure first. */
  panelNumbersOf(figureId: FigureId): readonly number[] {
    return this.panelNumbers.get(figureId) ?? [];
  }

  noteChange(): void {
    this.changes++;
  }

  /** Gives a figure a number where it has none, and its panels new numbers. */
  enumerate({ figure, panels }: MemoryRecord): void {
    this.forgetPanels(figure.id);
    const number = this.numbers.get(figure.id) ?? ++this.lastFigure;
    this.numbers.set(figure.id, number);
    const panelNumbers = panels.map(({ id }) => {
      this.panels.store(++this.lastPanel, id, number, figure.imageHash);
      return this.lastPanel;
    });
    this.panelNumbers.set(figure.id, panelNumbers);
    this.changes++;
  }

  /** Takes the numbers of a figure and its panels away. They are never given again. */
  forgetNumbers(figureId: FigureId): void {
    this.forgetPanels(figureId);
    this.numbers.delete(figureId);
    this.changes++;
  }

  private forgetPanels(figureId: FigureId): void {
    for (const number of this.panelNumbers.get(figureId) ?? []) {
      this.panels.remove(number);
      this.removedPanels++;
    }
    this.panelNumbers.delete(figureId);
  }

  private hasPanel(imageHash: ImageHash, box: Box): boolean {
    return [...this.records.values()].some(
      ({ figure, panels }) =>
        figure.imageHash === imageHash && panels.some((panel) => isDeepStrictEqual(panel.box, box)),
    );
  }
}

class MemoryFigureWriter extends FigureWriter {
  constructor(private readonly corpus: MemoryCorpus) {
    super();
  }

  replace(figures: readonly FigureWrite[]): Promise<readonly FigureId[]> {
    const { records } = this.corpus;
    for (const { figure } of figures) {
      const before = records.get(figure.id)?.figure.source ?? '';
      if (before !== '' && before !== figure.source) {
        return Promise.reject(new FigseekError('CONFLICT', `Another source stored ${figure.sourceKey}`));
      }
    }
    const isChanged = ({ figure, correctedAt = null, edits = null, mayRestore = true }: FigureWrite): boolean => {
      const record = records.get(figure.id);
      if (record !== undefined) {
        return record.correctedAt !== correctedAt || (record.edits?.at ?? null) !== (edits?.at ?? null);
      }
      return !mayRestore && this.corpus.sources.isDeleted(figure);
    };
    const passedOver = figures.filter(isChanged);
    for (const bundle of figures) if (!passedOver.includes(bundle)) this.replaceOne(bundle);
    return Promise.resolve(passedOver.map(({ figure }) => figure.id));
  }

  async correctPanels({ figureId, imageHash, panels: given, embeddings }: CorrectionWrite): Promise<void> {
    const { recordHash, correctedAt, edits, ...record } = this.recordOf(figureId);
    if (record.figure.imageHash !== imageHash) throw new FigseekError('CONFLICT', 'The figure has another image');
    const whole = record.panels.slice(0, 1);
    const kept = whole.flatMap(({ id }) => this.corpus.embeddings.ofPanel(id));
    const figure: Figure = { ...record.figure, panelOrigin: 'PERSON', panelSuggestion: null };
    const at = (correctedAt ?? 0) + 1;
    const corrected = { figure, panels: [...whole, ...given], recordHash, correctedAt: at, edits };
    this.corpus.records.set(figureId, corrected);
    this.corpus.figures.add(figure, corrected.panels);
    this.corpus.enumerate(corrected);
    this.corpus.embeddings.replace(figureId, corrected.panels, [...kept, ...embeddings]);
    return Promise.resolve();
  }

  async releasePanels(id: string): Promise<void> {
    const record = this.recordOf(id);
    const figure = { ...record.figure, panelOrigin: null };
    this.corpus.records.set(figure.id, { ...record, figure, recordHash: '', correctedAt: null });
    this.corpus.figures.add(figure, record.panels);
    return Promise.resolve();
  }

  private recordOf(id: string): MemoryRecord {
    const record = this.corpus.records.get(id as FigureId);
    if (record === undefined) throw new FigseekError('NOT_FOUND', `There is no figure ${id}`);
    return record;
  }

  private replaceOne(write: FigureWrite): void {
    const { article, figure: given, panels, recordHash, embeddings, correctedAt = null, edits = null } = asRead(write);
    const { records, figures, articles, sources } = this.corpus;
    const articleId = article === null ? null : articles.upsert(article);
    const createdAt = records.get(given.id)?.figure.createdAt ?? given.createdAt;
    const figure = { ...given, articleId, createdAt };
    figures.add(figure, panels);
    const isByHand = figure.panelOrigin === 'PERSON';
    const record = { figure, panels, recordHash, correctedAt: isByHand ? correctedAt : null, edits };
    records.set(figure.id, record);
    this.corpus.enumerate(record);
    this.corpus.embeddings.replace(figure.id, panels, embeddings);
    sources.restore(figure);
  }

  delete(ids: readonly string[], by: 'person' | 'prune' = 'person') {
    const gone = ids.flatMap((id) => this.corpus.records.get(id as FigureId)?.figure ?? []);
    for (const figure of gone) {
      this.corpus.records.delete(figure.id);
      this.corpus.figures.delete(figure.id);
      this.corpus.forgetNumbers(figure.id);
      this.corpus.embeddings.forgetFigure(figure.id);
      if (by === 'person') this.corpus.sources.rememberDeleted(figure);
    }
    return Promise.resolve(gone.map(({ id, imageHash }) => ({ id, imageHash })));
  }
}

/** With its texts as readers see them: the stores make texts readable when they are read. */
function asRead(write: FigureWrite): FigureWrite {
  const { article, figure, panels } = write;
  return {
    ...write,
    article: article === null ? null : { ...article, title: readableText(article.title) },
    figure: {
      ...figure,
      caption: readableText(figure.caption),
      alt: readableTextOrNull(figure.alt),
      mentions: figure.mentions.map(readableText),
    },
    panels: panels.map((panel) => ({ ...panel, caption: readableTextOrNull(panel.caption) })),
  };
}

class MemoryCorpusCounts extends CorpusCounts {
  constructor(private readonly corpus: MemoryCorpus) {
    super();
  }

  counts() {
    const records = [...this.corpus.records.values()];
    return Promise.resolve({
      articles: this.corpus.articles.articles.size,
      figures: records.length,
      panels: records.reduce((sum, { panels }) => sum + panels.length, 0),
    });
  }

  countBy(field: 'modality' | 'license' | 'year') {
    const values = [...this.corpus.records.values()].flatMap(({ figure }) => {
      const article = figure.articleId === null ? undefined : this.corpus.articles.articles.get(figure.articleId);
      return (field === 'year' ? article?.year?.toString() : figure[field]) ?? [];
    });
    const counts = new Map<string, number>();
    for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
    return Promise.resolve(
      [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1)),
    );
  }
}
