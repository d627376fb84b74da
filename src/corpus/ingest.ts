import { leftOutCodes, type IngestCounts, type IngestFault } from '../domain/ingest-run.js';
import type { RecordSource, StoredRecord } from '../domain/record-source.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { FigureWriter } from '../ports/figure-writer.js';
import type { IngestRunStore } from '../ports/ingest-run-store.js';
import type { SourceStore } from '../ports/source-store.js';
import { inBatches } from './batches.js';
import type { FigureBuilder, ReadRecord, RecordIdentity } from './figure-builder.js';
import {
  faultFromError,
  ingestFault,
  IngestProgress,
  sortOutcomes,
  type Change,
  type Outcome,
  type SortedOutcomes,
} from './ingest-progress.js';
import { keyFault, type LeftOutKey } from './left-out.js';
import { matchRecord } from './record-identity.js';
import type { SourceItem } from '../domain/figure-record.js';
import type { Viewer } from '../domain/viewer.js';

export interface IngestOptions {
  /** What is read, as the run keeps it: a path, or a fixed text. */
  readonly source: string;
  /** The source that the records belong to; by default the one that the input had before, or one named after it. */
  readonly sourceName?: string;
  /** Take records again whose figures were deleted. */
  readonly restoreDeleted?: boolean;
  /** Look for the panels of compound figures whose records name none (docs/panels.md). */
  readonly splitPanels?: boolean;
  readonly limit?: number;
  /** Read, check and decode, but store nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (counts: IngestCounts) => void;
  /** Ends the run after the batch in hand; what is stored stays, and the next run goes on from there. */
  readonly signal?: AbortSignal;
}

export interface IngestReport extends IngestCounts {
  /** Null for a dry run. */
  readonly runId: string | null;
  /** Name of the source that the records belong to. */
  readonly sourceName: string;
  /** Records left out because their figures were deleted; among the unchanged ones. */
  readonly deleted: number;
  /** Whether it was told to end before its end. */
  readonly isCancelled: boolean;
  readonly faults: readonly IngestFault[];
  /** Files and folders of the source that are no records, and how many. */
  readonly leftOut: number;
  readonly leftOuts: readonly IngestFault[];
  /** Keys of records that nothing reads. */
  readonly unknownKeys: readonly LeftOutKey[];
}

/** One run, as it goes on. */
interface Run {
  readonly id: string | null;
  readonly source: RecordSource;
  readonly options: IngestOptions;
  readonly progress: IngestProgress;
}

/** Where an ingest reads and writes. */
export interface IngestStores {
  readonly writer: FigureWriter;
  readonly embeddings: Pick<EmbeddingStore, 'add'>;
  readonly runs: Pick<IngestRunStore, 'begin' | 'record'>;
  readonly sources: Pick<SourceStore, 'resolve' | 'preview' | 'storedRecords' | 'assignSource'>;
}

/**
 * Takes figures in: read → decode → embed → one transaction a batch. A run can be killed anywhere and run again: what
 * a progress report counted is stored, and what is stored already is passed over.
 */
export class Ingest {
  constructor(
    private readonly maker: FigureBuilder,
    private readonly stores: IngestStores,
  ) {}

  async run(_viewer: Viewer, items: AsyncIterable<SourceItem>, options: IngestOptions): Promise<IngestReport> {
    const run = await this.begin(options);
    const { progress, source } = run;
    let storing: Promise<void> = Promise.resolve();
    let isCancelled = false;
    try {
      for await (const batch of inBatches(items, options.limit)) {
        isCancelled = options.signal?.aborted === true;
        if (isCancelled) break;
        const outcomes = await this.prepareBatch(batch, run);
        // One batch is embedded and stored while the next is decoded.
        await storing;
        storing = this.storeBatch(outcomes, run);
        storing.catch(() => undefined);
      }
      await storing;
      // A source that is told of it too may end by itself.
      isCancelled ||= options.signal?.aborted === true;
      const state = isCancelled ? 'CANCELLED' : 'DONE';
      if (run.id !== null)
        await this.stores.runs.record(run.id, state, progress, progress.unknownKeys.all.map(keyFault));
    } catch (error) {
      await storing.catch(() => undefined);
      if (run.id !== null) await this.stores.runs.record(run.id, 'FAILED', progress, []).catch(() => undefined);
      throw error;
    }
    const { counts, faults, leftOuts, unknownKeys } = progress;
    const kept = { runId: run.id, sourceName: source.name, isCancelled };
    return { ...counts, ...kept, faults, leftOuts, unknownKeys: unknownKeys.all };
  }

  private async begin(options: IngestOptions): Promise<Run> {
    const { source: input, sourceName = null } = options;
    const isDry = options.dryRun === true;
    const source = await (isDry
      ? this.stores.sources.preview(input, sourceName)
      : this.stores.sources.resolve(input, sourceName));
    const id = isDry ? null : await this.stores.runs.begin(input);
    return { id, source, options, progress: new IngestProgress() };
  }

  /** One outcome a record: a fault, a figure to store, or a figure that stays as it is. */
  private async prepareBatch(batch: readonly SourceItem[], run: Run): Promise<readonly Outcome[]> {
    const read = await Promise.all(batch.map((item) => this.readOne(item, run.options.splitPanels === true)));
    for (const item of batch)
      if (item.kind === 'record') run.progress.unknownKeys.add(item.record.id, item.unknownKeys ?? []);
    const keys = read.flatMap((item) => ('record' in item ? [item.record.id] : []));
    const known = await this.stores.sources.storedRecords(keys, this.maker.space);
    return Promise.all(
      read.map(async (item): Promise<Outcome> => {
        if (!('record' in item)) return item;
        const { id } = item.record;
        if (!run.progress.isFirst(id)) {
          return {
            fault: ingestFault(id, 'DUPLICATE_ID', 'The id stands twice in the source; the first record is kept'),
          };
        }
        return this.outcomeOf(item, known.get(id) ?? [], run);
      }),
    );
  }

  private async outcomeOf(item: ReadRecord, known: readonly StoredRecord[], run: Run): Promise<Outcome> {
    const { record, imageHash, recordHash } = item;
    const match = matchRecord({ key: record.id, imageHash }, known, run.source);
    switch (match.kind) {
      case 'foreign':
        return { fault: ingestFault(record.id, 'OTHER_SOURCE', foreignMessage(match.owner, run.source.name)) };
      case 'deleted':
        if (run.options.restoreDeleted !== true) return { passed: 'deleted', adopted: null };
        return this.prepareOne(item, match.identity, 'added');
      case 'new':
        return this.prepareOne(item, match.identity, 'added');
      case 'stored': {
        const { identity, stored } = match;
        if (stored.recordHash !== recordHash) return this.prepareOne(item, identity, 'updated');
        if (!stored.isEmbedded) return this.prepareOne(item, identity, 'embedded');
        if (run.id !== null) await this.maker.keepImage(item);
        return { passed: 'unchanged', adopted: match.isAdopted ? identity.id : null };
      }
    }
  }

  private async readOne(
    item: SourceItem,
    splitPanels: boolean,
  ): Promise<ReadRecord | { readonly fault: IngestFault } | { readonly leftOut: IngestFault }> {
    if (item.kind === 'left-out') return { leftOut: ingestFault(item.sourceKey, leftOutCodes.file, item.reason) };
    if (item.kind === 'fault') return { fault: ingestFault(item.sourceKey, item.code, item.message) };
    try {
      return await this.maker.read(item.record, item.readImage, splitPanels);
    } catch (error) {
      return { fault: faultFromError(item.record.id, error) };
    }
  }

  private async prepareOne(read: ReadRecord, identity: RecordIdentity, change: Change): Promise<Outcome> {
    try {
      return { prepared: await this.maker.prepare(read, identity), change };
    } catch (error) {
      return { fault: faultFromError(read.record.id, error) };
    }
  }

  private async storeBatch(outcomes: readonly Outcome[], run: Run): Promise<void> {
    const { id, progress, options, source } = run;
    const sorted = sortOutcomes(outcomes);
    if (id !== null) {
      if (sorted.fresh.length > 0) await this.store(sorted.fresh);
      await this.stores.sources.assignSource(
        sorted.passed.flatMap(({ adopted }) => (adopted === null ? [] : [adopted])),
        source.name,
      );
    }
    progress.count(sorted);
    if (id !== null) await this.stores.runs.record(id, 'RUNNING', progress, [...sorted.faulty, ...sorted.leftOut]);
    options.onProgress?.(progress);
  }

  private async store(fresh: SortedOutcomes['fresh']): Promise<void> {
    const bundles = await this.maker.embedAndBuild(fresh.map(({ prepared }) => prepared));
    await this.stores.writer.replace(bundles.filter((_, row) => fresh[row]?.change !== 'embedded'));
    // Beside the vectors of other models: these may be served by another process.
    const late = bundles.filter((_, row) => fresh[row]?.change === 'embedded');
    await this.stores.embeddings.add(
      late.flatMap(({ embeddings, recordHash }) => embeddings.map((embedding) => ({ ...embedding, recordHash }))),
    );
  }
}

function foreignMessage(owner: string, name: string): string {
  return (
    `The figure with this id and image belongs to the source “${owner}”, and this is “${name}”. ` +
    `If it is the same source in another place, give --source "${owner}"; to keep both, give --source with another name`
  );
}
