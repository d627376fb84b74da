import path from 'node:path';
import type { Figure, Panel } from '../../src/domain/figure.js';
import type { FigureId } from '../../src/domain/ids.js';
import type { IngestRun } from '../../src/domain/ingest-run.js';
import {
  sourceNameFrom,
  validateSourceName,
  type RecordSource,
  type StoredRecord,
} from '../../src/domain/record-source.js';
import { SourceStore } from '../../src/ports/source-store.js';
import type { MemoryFigureStore, MemoryRecord } from './memory-figure-store.js';

/** The corpus that the sources belong to. */
interface OwnedCorpus {
  readonly records: Map<FigureId, MemoryRecord>;
  readonly figures: MemoryFigureStore;
  readonly runs: { readBy(id: string): ReadonlySet<string>; find(id: string): Promise<IngestRun | null> };
  readonly embeddings: { areEmbedded(panels: readonly Panel[], space: string): boolean };
}

/** Sources in memory: none of them is older than sources. */
export class MemorySourceStore extends SourceStore {
  /** What a source reads, by its name, in the order in which the sources came. */
  private readonly inputs = new Map<string, string>();
  private readonly deleted: Figure[] = [];

  constructor(private readonly corpus: OwnedCorpus) {
    super();
  }

  async resolve(input: string, name: string | null): Promise<RecordSource> {
    const source = await this.preview(input, name);
    this.inputs.set(source.name, input);
    return source;
  }

  async preview(input: string, name: string | null): Promise<RecordSource> {
    if (name !== null) validateSourceName(name);
    const chosen = name ?? [...this.inputs].find(([, read]) => read === input)?.[0] ?? this.freeName(input);
    return Promise.resolve({ name: chosen, isNamed: name !== null, isOlderThanSources: false });
  }

  inputOf(name: string): Promise<string | null> {
    return Promise.resolve(this.inputs.get(name) ?? null);
  }

  storedRecords(keys: readonly string[], space: string): Promise<ReadonlyMap<string, readonly StoredRecord[]>> {
    const byKey = new Map<string, StoredRecord[]>();
    const add = (key: string, record: StoredRecord) => {
      if (keys.includes(key)) byKey.set(key, [...(byKey.get(key) ?? []), record]);
    };
    for (const { figure, panels, recordHash, correctedAt, edits } of this.corpus.records.values()) {
      const { id, source, sourceKey, imageHash, width, height } = figure;
      const isEmbedded = this.corpus.embeddings.areEmbedded(panels, space);
      const parts = panels.slice(1).map(({ label, caption, box }) => ({ label, caption, box }));
      const correction = correctedAt === null ? null : { at: correctedAt, imageHash, width, height, panels: parts };
      add(sourceKey, { id, source, stored: { recordHash, imageHash, isEmbedded, correction, edits } });
    }
    for (const { id, source, sourceKey } of this.deleted) add(sourceKey, { id, source, stored: null });
    return Promise.resolve(byKey);
  }

  idsOfSource(input: string, keys: readonly string[]): Promise<readonly FigureId[]> {
    const figures = [...this.corpus.records.values()].map(({ figure }) => figure);
    const isOf = ({ source }: Figure) => source === '' || this.inputs.get(source) === input;
    return Promise.resolve(figures.filter((one) => keys.includes(one.sourceKey) && isOf(one)).map(({ id }) => id));
  }

  async unreadOf(source: string, run: string, limit: number): Promise<readonly FigureId[]> {
    const read = this.corpus.runs.readBy(run);
    const begun = (await this.corpus.runs.find(run))?.startedAt ?? new Date(0);
    const figures = [...this.corpus.records.values()].map(({ figure }) => figure);
    const unread = figures.filter((one) => one.source === source && !read.has(one.sourceKey) && one.createdAt <= begun);
    return unread.slice(0, limit).map(({ id }) => id);
  }

  assignSource(ids: readonly string[], source: string): Promise<void> {
    for (const [id, record] of this.corpus.records) {
      if (!ids.includes(id) || record.figure.source !== '') continue;
      const figure = { ...record.figure, source };
      this.corpus.records.set(id, { ...record, figure });
      this.corpus.figures.add(figure, record.panels);
    }
    return Promise.resolve();
  }

  rememberDeleted(figure: Figure): void {
    this.restore(figure);
    this.deleted.push(figure);
  }

  isDeleted({ sourceKey, source }: Figure): boolean {
    return this.deleted.some((one) => one.sourceKey === sourceKey && one.source === source);
  }

  /** A figure that is stored is not deleted any more. */
  restore({ sourceKey, source }: Figure): void {
    const place = this.deleted.findIndex((one) => one.sourceKey === sourceKey && one.source === source);
    if (place >= 0) this.deleted.splice(place, 1);
  }

  private freeName(input: string): string {
    const base = sourceNameFrom(path.parse(input).name);
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}-${number}`;
      if (!this.inputs.has(name)) return name;
    }
  }
}
