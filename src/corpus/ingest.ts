import { FigseekError, messageOf } from '../domain/errors.js';
import { leftOutCodes, type IngestCounts, type IngestFault } from '../domain/ingest-run.js';
import type { RecordSource, StoredRecord } from '../domain/record-source.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { FigureWriter } from '../ports/figure-writer.js';
import type { IngestRunStore } from '../ports/ingest-run-store.js';
import type { SourceStore } from '../ports/source-store.js';
import { inBatches } from './batches.js';
import { keyFault, LeftOutKeys, type LeftOutKey } from './left-out.js';
import { matchRecord } from './record-identity.js';
import {
  RecordError,
  type FigureBuilder,
  type PreparedRecord,
  type ReadRecord,
  type RecordIdentity,
} from './figure-builder.js';
import type { SourceItem } from '../domain/figure-record.js';
import type { Viewer } from '../domain/viewer.js';

export interface IngestOptions {
  /** What is read, as the run keeps it: a path, or a fixed text. */
  readonly source: string;
  /** The source that the records belong to; by default the one that the input had before, or one named after it. */
  readonly sourceName?: string;
  /** Take records again whose figures were deleted. */
  readonly restoreDeleted?: boolean;
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

const faultsReported = 1000;

/** Counts of a run while it goes on. */
class Tally implements IngestCounts {
  read = 0;
  added = 0;
  updated = 0;
  unchanged = 0;
  rejected = 0;
  /** Among the unchanged ones. */
  deleted = 0;
  leftOut = 0;
}

/** `embedded`: stored and unchanged, but the active model has no vector of it, or of one of its panels. */
type Change = 'added' | 'updated' | 'embedded';

type Outcome =
  | { readonly fault: IngestFault }
  | { readonly leftOut: IngestFault }
  | { readonly prepared: PreparedRecord; readonly change: Change }
  | { readonly passed: 'unchanged' | 'deleted'; readonly adopted: string | null };

/** One run, as it goes on. */
interface Run {
  readonly id: string | null;
  readonly source: RecordSource;
  readonly options: IngestOptions;
  readonly tally: Tally;
  readonly faults: IngestFault[];
  readonly leftOuts: IngestFault[];
  readonly unknownKeys: LeftOutKeys;
  /** Keys that were read. */
  readonly seen: Set<string>;
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
    const { tally, faults, source } = run;
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
      const state = isCancelled ? 'CANCELLED' : 'DONE';
      if (run.id !== null) await this.stores.runs.record(run.id, state, tally, run.unknownKeys.all.map(keyFault));
    } catch (error) {
      await storing.catch(() => undefined);
      if (run.id !== null) await this.stores.runs.record(run.id, 'FAILED', tally, []).catch(() => undefined);
      throw error;
    }
    const { leftOuts, unknownKeys } = run;
    const kept = { runId: run.id, sourceName: source.name, isCancelled };
    return { ...tally, ...kept, faults, leftOuts, unknownKeys: unknownKeys.all };
  }

  private async begin(options: IngestOptions): Promise<Run> {
    const { source: input, sourceName = null } = options;
    const isDry = options.dryRun === true;
    const source = await (isDry
      ? this.stores.sources.preview(input, sourceName)
      : this.stores.sources.resolve(input, sourceName));
    const id = isDry ? null : await this.stores.runs.begin(input);
    const kept = { faults: [], leftOuts: [], unknownKeys: new LeftOutKeys(), seen: new Set<string>() };
    return { id, source, options, tally: new Tally(), ...kept };
  }

  /** One outcome a record: a fault, a figure to store, or a figure that stays as it is. */
  private async prepareBatch(batch: readonly SourceItem[], run: Run): Promise<readonly Outcome[]> {
    const read = await Promise.all(batch.map((item) => this.readOne(item)));
    for (const item of batch) if (item.kind === 'record') run.unknownKeys.add(item.record.id, item.unknownKeys ?? []);
    const keys = read.flatMap((item) => ('record' in item ? [item.record.id] : []));
    const known = await this.stores.sources.storedRecords(keys, this.maker.space);
    return Promise.all(
      read.map(async (item): Promise<Outcome> => {
        if (!('record' in item)) return item;
        const { id } = item.record;
        if (run.seen.has(id)) {
          return { fault: faultOf(id, 'DUPLICATE_ID', 'The id stands twice in the source; the first record is kept') };
        }
        run.seen.add(id);
        return this.outcomeOf(item, known.get(id) ?? [], run);
      }),
    );
  }

  private async outcomeOf(item: ReadRecord, known: readonly StoredRecord[], run: Run): Promise<Outcome> {
    const { record, imageHash, recordHash } = item;
    const match = matchRecord({ key: record.id, imageHash }, known, run.source);
    switch (match.kind) {
      case 'foreign':
        return { fault: faultOf(record.id, 'OTHER_SOURCE', foreignMessage(match.owner, run.source.name)) };
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
  ): Promise<ReadRecord | { readonly fault: IngestFault } | { readonly leftOut: IngestFault }> {
    if (item.kind === 'left-out') return { leftOut: faultOf(item.sourceKey, leftOutCodes.file, item.reason) };
    if (item.kind === 'fault') return { fault: faultOf(item.sourceKey, item.code, item.message) };
    try {
      return await this.maker.read(item.record, item.readImage);
    } catch (error) {
      return { fault: faultFrom(item.record.id, error) };
    }
  }

  private async prepareOne(read: ReadRecord, identity: RecordIdentity, change: Change): Promise<Outcome> {
    try {
      return { prepared: await this.maker.prepare(read, identity), change };
    } catch (error) {
      return { fault: faultFrom(read.record.id, error) };
    }
  }

  private async storeBatch(outcomes: readonly Outcome[], run: Run): Promise<void> {
    const { id, tally, faults, leftOuts, options, source } = run;
    const fresh = outcomes.filter((outcome) => 'prepared' in outcome);
    const faulty = outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome.fault] : []));
    const out = outcomes.flatMap((outcome) => ('leftOut' in outcome ? [outcome.leftOut] : []));
    const passed = outcomes.filter((outcome) => 'passed' in outcome);
    const pages = fresh.flatMap(({ prepared }) => otherPages(prepared));
    if (id !== null) {
      if (fresh.length > 0) await this.store(fresh);
      await this.stores.sources.assignSource(
        passed.flatMap(({ adopted }) => (adopted === null ? [] : [adopted])),
        source.name,
      );
    }
    const added = fresh.filter(({ change }) => change === 'added').length;
    tally.read += outcomes.length - out.length;
    tally.added += added;
    tally.updated += fresh.length - added;
    tally.rejected += faulty.length;
    tally.unchanged += passed.length;
    tally.deleted += passed.filter(({ passed: why }) => why === 'deleted').length;
    tally.leftOut += out.length + pages.length;
    faults.push(...faulty.slice(0, faultsReported - faults.length));
    leftOuts.push(...[...out, ...pages].slice(0, faultsReported - leftOuts.length));
    if (id !== null) await this.stores.runs.record(id, 'RUNNING', tally, [...faulty, ...out, ...pages]);
    options.onProgress?.(tally);
  }

  private async store(fresh: readonly { readonly prepared: PreparedRecord; readonly change: Change }[]): Promise<void> {
    const bundles = await this.maker.embedAndBuild(fresh.map(({ prepared }) => prepared));
    await this.stores.writer.replace(bundles.filter((_, row) => fresh[row]?.change !== 'embedded'));
    // Beside the vectors of other models: these may be served by another process.
    const late = bundles.filter((_, row) => fresh[row]?.change === 'embedded');
    await this.stores.embeddings.add(
      late.flatMap(({ embeddings, recordHash }) => embeddings.map((embedding) => ({ ...embedding, recordHash }))),
    );
  }
}

function otherPages({ record, pages }: PreparedRecord): readonly IngestFault[] {
  if (pages < 2) return [];
  const message = `The file has ${pages} pages or frames: the first one is taken, the others are left out`;
  return [faultOf(record.id, leftOutCodes.file, message)];
}

function foreignMessage(owner: string, name: string): string {
  return (
    `The figure with this id and image belongs to the source “${owner}”, and this is “${name}”. ` +
    `If it is the same source in another place, give --source "${owner}"; to keep both, give --source with another name`
  );
}

function faultOf(sourceKey: string, code: string, message: string): IngestFault {
  return { sourceKey, code, message };
}

function faultFrom(sourceKey: string, error: unknown): IngestFault {
  // A full disk or a lost database is no fault of the record: the run stops and says so.
  if (!(error instanceof FigseekError) || error.code === 'INTERNAL_SERVER_ERROR') throw error;
  return faultOf(sourceKey, error instanceof RecordError ? 'BAD_RECORD' : error.code, messageOf(error));
}
