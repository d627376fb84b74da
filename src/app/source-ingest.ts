import path from 'node:path';
import { openSource, type SourceFormat } from '../adapters/sources/open-source.js';
import type { Ingest, IngestReport } from '../corpus/ingest.js';
import { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { FigureFilters } from '../ports/figure-filters.js';
import { PictureStore, type PendingPictures } from '../ports/picture-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { ActiveModel } from './active-model.js';
import { withApp } from './command-context.js';
import type { Config } from './config.js';
import { trackMatching } from './track-matching.js';
import type { Viewer } from '../domain/viewer.js';

export { sourceFormats } from '../adapters/sources/open-source.js';

export interface SourceIngestOptions {
  readonly format: SourceFormat;
  /** Most records of a source. */
  readonly limit?: number | undefined;
  /** The source that the records belong to; default: the one that the path had before, or its name. */
  readonly sourceName?: string | undefined;
  readonly restoreDeleted?: boolean | undefined;
  /** Looks for the panels of compound figures; default: where they are figures of articles. */
  readonly splitPanels?: boolean | undefined;
  /** Passes over records that are stored, without looking whether they changed. */
  readonly onlyNew?: boolean | undefined;
  /** Removes the figures of a source whose records it has no more. */
  readonly prune?: boolean | undefined;
  /** Reads and checks, and stores nothing. */
  readonly dryRun?: boolean | undefined;
  /** Aborted: the run ends after the batch in hand. */
  readonly signal: AbortSignal;
}

/** Takes files and folders into the corpus. */
export class SourceIngest {
  /** Number of the newest panel before the first source; null before that. */
  private lastBefore: number | null = null;

  /** @param ensureBuilt builds the vector index where there is none */
  constructor(
    private readonly ingest: Pick<Ingest, 'run'>,
    private readonly ensureBuilt: () => Promise<unknown>,
    private readonly matching: Pick<PictureMatching, 'run'>,
    private readonly stores: {
      readonly pictures: Pick<PictureStore, 'pending'>;
      readonly filters: Pick<FigureFilters, 'corpus'>;
    },
  ) {}

  /** @param source a path @throws {FigseekError} BAD_USER_INPUT where it is no source */
  async run(
    viewer: Viewer,
    source: string,
    { format, limit, sourceName, restoreDeleted, splitPanels, onlyNew, prune, dryRun, signal }: SourceIngestOptions,
    { track }: Pick<WorkReporter, 'track'>,
  ): Promise<IngestReport> {
    this.lastBefore ??= (await this.stores.filters.corpus()).lastPanel;
    const opened = await openSource(source, format);
    const total = Math.min(limit ?? Infinity, await opened.count());
    return track(path.basename(source), total, (at) =>
      this.ingest.run(viewer, opened.items, {
        source: path.resolve(source),
        ...(limit === undefined ? {} : { limit }),
        ...(sourceName === undefined ? {} : { sourceName }),
        ...(restoreDeleted === true ? { restoreDeleted } : {}),
        splitPanels: splitPanels ?? opened.isOfArticles,
        ...(dryRun === true ? { dryRun } : {}),
        ...{ onlyNew: onlyNew === true, prune: prune === true, total: Number.isFinite(total) ? total : null },
        signal,
        onProgress: ({ read }) => {
          at(read);
        },
      }),
    );
  }

  /**
   * After the last source: what was taken in is then found by an index, and its pictures are compared with all others.
   * Pictures that waited before are left to a server or to `figseek duplicates --compare`: after an upgrade they are all.
   * @param signal aborted: nothing is compared
   * @returns how many pictures still wait
   */
  async finish(signal: AbortSignal, reporter: Pick<WorkReporter, 'track'>): Promise<PendingPictures> {
    const { pictures } = this.stores;
    await this.ensureBuilt();
    const after = this.lastBefore;
    if (after === null || signal.aborted) return pictures.pending();
    const waiting = await pictures.pending(after);
    if (waiting.unsigned + waiting.uncompared > 0)
      await trackMatching(this.matching, waiting, { after, signal }, reporter);
    return pictures.pending();
  }
}

/** Runs `work` over the configured corpus and its active model. */
export function withSourceIngest<Result>(
  config: Config,
  work: (ingest: SourceIngest) => Promise<Result>,
): Promise<Result> {
  return withApp(config, (core) => {
    const { ingest, space } = core.get(ActiveModel).current;
    const stores = { pictures: core.get(PictureStore), filters: core.get(FigureFilters) };
    return work(new SourceIngest(ingest, () => space.ensureBuilt(), core.get(PictureMatching), stores));
  });
}
