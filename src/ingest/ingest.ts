import { FigseekError, messageOf } from '../domain/errors.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import type { FigureWriter } from '../store/repositories/figure-writer.js';
import type { IngestCounts, IngestFault, IngestRunRepository } from '../store/repositories/ingest-run.repository.js';
import { inBatches } from './batches.js';
import type { FigureMaker, PreparedRecord, ReadRecord } from './figure-maker.js';
import type { SourceItem } from './record.js';

export interface IngestOptions {
  /** Name of the source, as the run keeps it. */
  readonly source: string;
  readonly limit?: number;
  /** Read, check and decode, but store nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (counts: IngestCounts) => void;
}

export interface IngestReport extends IngestCounts {
  /** Null for a dry run. */
  readonly runId: string | null;
  readonly faults: readonly IngestFault[];
}

const faultsReported = 1000;

/** Counts of a run while it goes on. */
class Tally implements IngestCounts {
  read = 0;
  added = 0;
  updated = 0;
  unchanged = 0;
  rejected = 0;
}

/** `embedded`: stored and unchanged, but the active model has no vector of it. */
type Change = 'added' | 'updated' | 'embedded';

type Outcome = { readonly fault: IngestFault } | { readonly prepared: PreparedRecord; readonly change: Change } | null;

/**
 * Takes figures in: read → decode → embed → one transaction a batch. A run can be killed anywhere and run again: what
 * a progress report counted is stored, and what is stored already is passed over.
 */
export class Ingest {
  constructor(
    private readonly maker: FigureMaker,
    private readonly figures: FigureReader,
    private readonly writer: FigureWriter,
    private readonly runs: IngestRunRepository,
  ) {}

  async run(items: AsyncIterable<SourceItem>, options: IngestOptions): Promise<IngestReport> {
    const runId = options.dryRun === true ? null : await this.runs.begin(options.source);
    const tally = new Tally();
    const faults: IngestFault[] = [];
    const seen = new Set<string>();
    let storing: Promise<void> = Promise.resolve();
    try {
      for await (const batch of inBatches(items, options.limit)) {
        const outcomes = await this.prepareBatch(batch, seen, options.dryRun === true);
        // One batch is embedded and stored while the next is decoded.
        await storing;
        storing = this.storeBatch(outcomes, runId, tally, faults, options);
        storing.catch(() => undefined);
      }
      await storing;
      if (runId !== null) await this.runs.record(runId, 'DONE', tally, []);
    } catch (error) {
      await storing.catch(() => undefined);
      if (runId !== null) await this.runs.record(runId, 'FAILED', tally, []).catch(() => undefined);
      throw error;
    }
    return { ...tally, runId, faults };
  }

  /** One outcome a record: a fault, a figure to store, or null where it is unchanged. */
  private async prepareBatch(
    batch: readonly SourceItem[],
    seen: Set<string>,
    dryRun: boolean,
  ): Promise<readonly Outcome[]> {
    const read = await Promise.all(batch.map((item) => this.readOne(item)));
    const keys = read.flatMap((item) => ('fault' in item ? [] : [item.record.id]));
    const known = await this.figures.storedRecords(keys, this.maker.space);
    return Promise.all(
      read.map(async (item): Promise<Outcome> => {
        if ('fault' in item) return item;
        const { id } = item.record;
        if (seen.has(id)) {
          return { fault: faultOf(id, 'DUPLICATE_ID', 'The id stands twice in the source; the first record is kept') };
        }
        seen.add(id);
        const stored = known.get(id);
        if (stored === undefined) return this.prepareOne(item, 'added');
        if (stored.recordHash !== item.recordHash) return this.prepareOne(item, 'updated');
        if (!stored.isEmbedded) return this.prepareOne(item, 'embedded');
        if (!dryRun) await this.maker.keepImage(item);
        return null;
      }),
    );
  }

  private async readOne(item: SourceItem): Promise<ReadRecord | { readonly fault: IngestFault }> {
    if (item.kind === 'fault') return { fault: faultOf(item.sourceKey, item.code, item.message) };
    try {
      return await this.maker.read(item.record, item.readImage);
    } catch (error) {
      return { fault: faultFrom(item.record.id, error) };
    }
  }

  private async prepareOne(read: ReadRecord, change: Change): Promise<Outcome> {
    try {
      return { prepared: await this.maker.prepare(read), change };
    } catch (error) {
      return { fault: faultFrom(read.record.id, error) };
    }
  }

  private async storeBatch(
    outcomes: readonly Outcome[],
    runId: string | null,
    tally: Tally,
    faults: IngestFault[],
    options: IngestOptions,
  ): Promise<void> {
    const fresh = outcomes.filter((outcome) => outcome !== null && 'prepared' in outcome);
    const faulty = outcomes.flatMap((outcome) => (outcome !== null && 'fault' in outcome ? [outcome.fault] : []));
    if (runId !== null && fresh.length > 0) {
      await this.store(fresh);
    }
    const added = fresh.filter(({ change }) => change === 'added').length;
    tally.read += outcomes.length;
    tally.added += added;
    tally.updated += fresh.length - added;
    tally.rejected += faulty.length;
    tally.unchanged += outcomes.length - fresh.length - faulty.length;
    faults.push(...faulty.slice(0, faultsReported - faults.length));
    if (runId !== null) await this.runs.record(runId, 'RUNNING', tally, faulty);
    options.onProgress?.(tally);
  }

  private async store(fresh: readonly { readonly prepared: PreparedRecord; readonly change: Change }[]): Promise<void> {
    const bundles = await this.maker.finish(fresh.map(({ prepared }) => prepared));
    await this.writer.replace(bundles.filter((_, row) => fresh[row]?.change !== 'embedded'));
    // Beside the vectors of other models: these may be served by another process.
    const late = bundles.filter((_, row) => fresh[row]?.change === 'embedded');
    await this.writer.addEmbeddings(
      late.flatMap(({ embeddings, recordHash }) => embeddings.map((embedding) => ({ ...embedding, recordHash }))),
    );
  }
}

function faultOf(sourceKey: string, code: string, message: string): IngestFault {
  return { sourceKey, code, message };
}

function faultFrom(sourceKey: string, error: unknown): IngestFault {
  // A full disk or a lost database is no fault of the record: the run stops and says so.
  if (!(error instanceof FigseekError) || error.code === 'INTERNAL_SERVER_ERROR') throw error;
  return faultOf(sourceKey, error.code, messageOf(error));
}
