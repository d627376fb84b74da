import type { IngestCounts, IngestFault } from '../domain/ingest-run.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { revisionOf } from '../domain/embedding.js';
import type { FigureId, ImageHash } from '../domain/ids.js';
import type { RecordSource } from '../domain/record-source.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { FigureWriter } from '../ports/figure-writer.js';
import type { IngestRunStore } from '../ports/ingest-run-store.js';
import type { SourceStore } from '../ports/source-store.js';
import type { PanelPredictor } from '../ports/panel-predictor.js';
import { inBatches } from './batches.js';
import type { FigureBuilder } from './figure-builder.js';
import { ingestFault, IngestProgress, sortOutcomes, type Outcome, type SortedOutcomes } from './ingest-progress.js';
import { keyFault, type LeftOutKey } from './left-out.js';
import type { PanelFinding } from './prepared-record.js';
import { RecordOutcomes, type TakingOptions } from './record-outcomes.js';
import { RunRecord } from './run-record.js';
import { pruneSource, refusalToPrune } from './source-pruning.js';
import { UnusedImages } from './unused-images.js';
import type { SourceItem } from '../domain/figure-record.js';
import type { Viewer } from '../domain/viewer.js';

export interface IngestOptions extends TakingOptions {
  /** What is read, as the run keeps it: a path, or a fixed text. */
  readonly source: string;
  /** The source that the records belong to; by default the one that the input had before, or one named after it. */
  readonly sourceName?: string;
  /** Look for the panels of compound figures whose records name none (docs/panels.md). */
  readonly splitPanels?: boolean;
  readonly limit?: number;
  /** How many records there are; null: not known. */
  readonly total?: number | null;
  /** Read, check and decode, but store nothing. */
  readonly dryRun?: boolean;
  /** Remove the figures of the source whose records it no longer has, after all of it was read. */
  readonly prune?: boolean;
  /** Told the id of the run as soon as it is noted; not of a dry run. */
  readonly onBegin?: (runId: string) => void;
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
  /** Why nothing was removed, where `prune` was asked for; null where it was done or not asked for. */
  readonly notPruned: string | null;
  readonly faults: readonly IngestFault[];
  /** Files and folders of the source that are no records, and how many. */
  readonly leftOut: number;
  readonly leftOuts: readonly IngestFault[];
  /** Keys of records that nothing reads. */
  readonly unknownKeys: readonly LeftOutKey[];
}

/** One run, as it goes on. */
interface Run {
  readonly kept: RunRecord;
  readonly source: RecordSource;
  readonly options: IngestOptions;
  readonly isDry: boolean;
  /** How panels are looked for where records name none; null: they are not. */
  readonly finding: PanelFinding | null;
  readonly progress: IngestProgress;
  /** Images in whose place records have others now. */
  readonly replacedImages: Set<ImageHash>;
  readonly markRead: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Where an ingest reads and writes. */
export interface IngestStores {
  readonly writer: FigureWriter;
  readonly figures: Pick<FigureStore, 'isImageUsed'>;
  readonly embeddings: Pick<EmbeddingStore, 'add'>;
  readonly runs: Pick<IngestRunStore, 'begin' | 'record' | 'keysRead' | 'keepAlive'>;
  readonly sources: Pick<SourceStore, 'resolve' | 'preview' | 'storedRecords' | 'assignSource' | 'unreadOf'>;
}

/** A younger image file may be one that another ingest is about to show. */
const minImageAgeMs = 60_000;

/**
 * Takes figures in: read → decode → embed → one transaction a batch. A run can be killed anywhere and run again: what
 * a progress report counted is stored, and what is stored already is passed over.
 */
export class Ingest {
  private readonly outcomes: RecordOutcomes;
  private readonly unused: UnusedImages;

  /** @param detector the active panel detector, as a run that finds panels begins; null: rules find them */
  constructor(
    private readonly maker: FigureBuilder,
    private readonly stores: IngestStores,
    blobs: Pick<BlobStore, 'remove'>,
    private readonly detector: () => Promise<PanelPredictor | null> = () => Promise.resolve(null),
  ) {
    this.outcomes = new RecordOutcomes(maker, stores.sources);
    this.unused = new UnusedImages(stores.figures, blobs);
  }

  async run(_viewer: Viewer, items: AsyncIterable<SourceItem>, options: IngestOptions): Promise<IngestReport> {
    const run = await this.begin(options);
    const { progress, source, kept } = run;
    try {
      const isCancelled = await this.takeAll(items, run);
      const notPruned = isCancelled || options.prune !== true ? null : await this.prune(run);
      if (!run.isDry) await this.unused.remove(run.replacedImages, minImageAgeMs);
      await kept.end(isCancelled ? 'CANCELLED' : 'DONE', progress, progress.unknownKeys.all.map(keyFault));
      const { counts, faults, leftOuts, unknownKeys } = progress;
      const ended = { runId: kept.id, sourceName: source.name, isCancelled, notPruned };
      return { ...counts, ...ended, faults, leftOuts, unknownKeys: unknownKeys.all };
    } catch (error) {
      await kept.fail(messageOf(error), progress).catch(() => undefined);
      throw error;
    }
  }

  private async begin(options: IngestOptions): Promise<Run> {
    const { source: input, sourceName = null, total = null } = options;
    const isDry = options.dryRun === true;
    if (options.prune === true && (isDry || options.limit !== undefined)) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        'Expected to read the whole source and to store it, to remove what it no longer has, but received a limit or a dry run',
      );
    }
    // Before anything is noted: without its detector a run does not begin.
    const finding = options.splitPanels === true ? { detector: await this.detector() } : null;
    const source = await (isDry
      ? this.stores.sources.preview(input, sourceName)
      : this.stores.sources.resolve(input, sourceName));
    const kept = await RunRecord.begin(this.stores.runs, input, { total, isDry });
    if (kept.id !== null) options.onBegin?.(kept.id);
    return {
      ...{ kept, source, options, isDry, finding },
      progress: new IngestProgress(),
      replacedImages: new Set(),
      markRead: (keys) => kept.markRead(keys),
    };
  }

  /** @returns whether it was told to end before the end of the items */
  private async takeAll(items: AsyncIterable<SourceItem>, run: Run): Promise<boolean> {
    let storing: Promise<void> = Promise.resolve();
    let isCancelled = false;
    try {
      for await (const batch of inBatches(items, run.options.limit)) {
        isCancelled = run.options.signal?.aborted === true || run.kept.isCancelRequested;
        if (isCancelled) break;
        for (const item of batch)
          if (item.kind === 'record') run.progress.unknownKeys.add(item.record.id, item.unknownKeys ?? []);
        const outcomes = await this.outcomes.of(batch, run);
        // One batch is embedded and stored while the next is decoded.
        await storing;
        storing = this.storeBatch(outcomes, run);
        storing.catch(() => undefined);
      }
    } catch (error) {
      await storing.catch(() => undefined);
      throw error;
    }
    await storing;
    // A source that is told of it too may end by itself, and the last batch may have told that somebody asked.
    return isCancelled || run.options.signal?.aborted === true || run.kept.isCancelRequested;
  }

  private async storeBatch(outcomes: readonly Outcome[], { kept, progress, options, source, ...run }: Run) {
    let sorted = sortOutcomes(outcomes);
    if (!run.isDry) {
      if (sorted.fresh.length > 0) {
        const passedOver = await this.store(sorted.fresh);
        for (const { prepared } of sorted.fresh)
          if (passedOver.includes(prepared.identity.id)) run.replacedImages.add(prepared.imageHash);
        if (passedOver.length > 0) sorted = sortOutcomes(outcomes.map((one) => passedOverAsFault(one, passedOver)));
      }
      for (const { replacedImage } of sorted.fresh)
        if (replacedImage !== undefined) run.replacedImages.add(replacedImage);
      await this.stores.sources.assignSource(
        sorted.passed.flatMap(({ adopted }) => (adopted === null ? [] : [adopted])),
        source.name,
      );
    }
    progress.count(sorted);
    await kept.keep(progress, [...sorted.faulty, ...sorted.leftOut]);
    options.onProgress?.(progress);
  }

  /** @returns the figures that were passed over */
  private async store(fresh: SortedOutcomes['fresh']): Promise<readonly FigureId[]> {
    const bundles = await this.maker.embedAndBuild(fresh.map(({ prepared }) => prepared));
    const written = bundles.flatMap((bundle, row) => {
      const { change, isRestored = false } = fresh[row] ?? {};
      return change === 'embedded' ? [] : [{ ...bundle, mayRestore: isRestored }];
    });
    const passedOver = written.length === 0 ? [] : await this.stores.writer.replace(written);
    // Beside the vectors of other models: these may be served by another process.
    const late = bundles.filter((_, row) => fresh[row]?.change === 'embedded');
    const vectors = late.flatMap(({ embeddings, recordHash, correctedAt = null, edits = null }) =>
      embeddings.map((one) => ({ ...one, revision: revisionOf(recordHash, correctedAt, edits?.at ?? null) })),
    );
    // An empty transaction waits for the disk as well.
    if (vectors.length > 0) await this.stores.embeddings.add(vectors);
    return passedOver;
  }

  /** @returns why nothing was removed; null where it was done */
  private async prune({ kept, source, progress, replacedImages }: Run): Promise<string | null> {
    const { read, unreadable } = progress;
    const refusal = refusalToPrune({ read, unreadable, wasSuspended: kept.wasSuspended });
    if (refusal !== null || kept.id === null) return refusal;
    const { removed, images } = await pruneSource(source.name, kept.id, this.stores);
    progress.removed = removed;
    for (const image of images) replacedImages.add(image);
    return null;
  }
}

function passedOverAsFault(outcome: Outcome, passedOver: readonly FigureId[]): Outcome {
  if (!('prepared' in outcome) || !passedOver.includes(outcome.prepared.identity.id)) return outcome;
  const message =
    'A person changed the figure or its panels or deleted it while the record was read; the next run goes by that';
  return { fault: ingestFault(outcome.prepared.record.id, 'CONFLICT', message) };
}
