import { FigseekError } from '../../src/domain/errors.js';
import { withChange, type EditableField, type FigureEdit, type FigureEdits } from '../../src/domain/figure-edit.js';
import type { FigureId } from '../../src/domain/ids.js';
import { toPage, type SeqPage } from '../../src/domain/page.js';
import { FigureEditStore, type EditWrite } from '../../src/ports/figure-edit-store.js';
import type { MemoryEmbeddingStore } from './memory-embedding-store.js';
import type { MemoryFigureStore, MemoryRecord } from './memory-figure-store.js';

/** The corpus that is changed. */
interface EditedCorpus {
  readonly records: Map<FigureId, MemoryRecord>;
  readonly figures: MemoryFigureStore;
  readonly embeddings: MemoryEmbeddingStore;
  enumerate(record: MemoryRecord): void;
}

/** What people change of figures, in memory. */
export class MemoryFigureEditStore extends FigureEditStore {
  private readonly log: (FigureEdit & { readonly seq: number; readonly figureId: FigureId })[] = [];

  constructor(private readonly corpus: EditedCorpus) {
    super();
  }

  current(figureId: string): Promise<FigureEdits | null> {
    return Promise.resolve(this.corpus.records.get(figureId as FigureId)?.edits ?? null);
  }

  async apply({ figureId, imageHash, seenAt, change, isRelease, editor, whole }: EditWrite): Promise<void> {
    const record = await Promise.resolve(this.corpus.records.get(figureId));
    if (record === undefined) throw new FigseekError('NOT_FOUND', `There is no figure ${figureId}`);
    const { figure, edits } = record;
    if ((edits?.at ?? null) !== seenAt || figure.imageHash !== imageHash) {
      throw new FigseekError('CONFLICT', `The figure ${figureId} was changed meanwhile; look at it again`);
    }
    const at = (edits?.at ?? 0) + 1;
    const rest = Object.entries(edits?.kept ?? {}).filter(([field]) => !(field in change));
    const kept = isRelease ? Object.fromEntries(rest) : withChange(edits?.kept ?? {}, change, figure);
    for (const [field, to] of Object.entries(change) as [EditableField, FigureEdit['to']][]) {
      const edit = { field, from: figure[field], to, isRelease, editor, editedAt: new Date() };
      this.log.push({ seq: this.log.length + 1, figureId, ...edit });
    }
    const panels = record.panels.map((panel) => whole?.panels.find(({ id }) => id === panel.id) ?? panel);
    const changed = { ...record, figure: { ...figure, ...change }, panels, edits: { at, kept } };
    const others = panels.filter(({ id }) => whole?.panels.every((one) => one.id !== id) ?? true);
    const vectors = others.flatMap(({ id }) => this.corpus.embeddings.ofPanel(id));
    this.corpus.records.set(figureId, changed);
    this.corpus.figures.add(changed.figure, panels);
    this.corpus.enumerate(changed);
    this.corpus.embeddings.replace(figureId, panels, [...vectors, ...(whole?.embeddings ?? [])]);
  }

  history(figureId: string, after: number, first: number): Promise<SeqPage<FigureEdit>> {
    const own = this.log.filter((one) => one.figureId === figureId && one.seq > after);
    return Promise.resolve(toPage(own.slice(0, first + 1), first));
  }
}
