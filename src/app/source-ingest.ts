import type { FigureScreening } from '../adapters/sources/jats/figure-screen.js';
import { openSource, type SourceFormat } from '../adapters/sources/open-source.js';
import { FigseekError } from '../domain/errors.js';
import type { Ingest, IngestOptions, IngestReport } from '../corpus/ingest.js';
import type { PanelClassification } from '../corpus/panel-classification.js';
import type { PictureMatching } from '../corpus/pictures/picture-matching.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { FigureSource } from '../ports/figure-source.js';
import type { PictureStore, PendingPictures } from '../ports/picture-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { trackMatching } from './track-matching.js';
import type { Viewer } from '../domain/viewer.js';

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
  /** Removes the figures of a source whose records it no longer has. */
  readonly prune?: boolean | undefined;
  /** Which figures of articles are taken; default: all. */
  readonly screening?: FigureScreening | null | undefined;
  /** Reads and checks, and stores nothing. */
  readonly dryRun?: boolean | undefined;
  /** Told the id of the run as soon as it is noted. */
  readonly onBegin?: ((runId: string) => void) | undefined;
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
    private readonly beside: {
      readonly matching: Pick<PictureMatching, 'run'>;
      readonly classification: Pick<PanelClassification, 'run'>;
    },
    private readonly stores: {
      readonly pictures: Pick<PictureStore, 'pending'>;
      readonly filters: Pick<FigureFilters, 'corpus'>;
    },
  ) {}

  /** @param file a file or folder @throws {FigseekError} BAD_USER_INPUT where it is no source */
  async runFile(
    viewer: Viewer,
    file: string,
    options: SourceIngestOptions,
    reporter: Pick<WorkReporter, 'track'>,
  ): Promise<IngestReport> {
    const { format, screening = null } = options;
    return this.run(viewer, await openSource(file, { format, screening }), options, reporter);
  }

  /** @throws {FigseekError} BAD_USER_INPUT where a source is to be pruned of which only a part is read */
  async run(
    viewer: Viewer,
    source: FigureSource,
    options: SourceIngestOptions,
    { track }: Pick<WorkReporter, 'track'>,
  ): Promise<IngestReport> {
    const { limit, prune, screening } = options;
    const { input, title, isOfArticles, isWhole } = source;
    if (prune === true && (!isWhole || screening != null)) {
      const expected = 'Expected a source that is read as a whole, to remove what it no longer has';
      throw new FigseekError('BAD_USER_INPUT', `${expected}, but received a part of ${title}`);
    }
    const count = Math.min(limit ?? Infinity, (await source.count()) ?? Infinity);
    const total = Number.isFinite(count) ? count : null;
    this.lastBefore ??= (await this.stores.filters.corpus()).lastPanel;
    return track(title, total, (at) =>
      this.ingest.run(viewer, source.read(), {
        ...toIngestOptions(options),
        ...{ source: input, total },
        splitPanels: options.splitPanels ?? isOfArticles,
        onProgress: ({ read }) => {
          at(read);
        },
      }),
    );
  }

  /**
   * After the last source: what was taken in is then found by an index, its panels have classes, and its pictures are
   * compared with all others. Pictures that waited before are left to a server or to `figseek duplicates --compare`: after an upgrade they are all.
   * @param signal aborted: nothing is compared
   * @param compares false: all pictures are left to a server or to that command
   * @returns how many pictures still wait
   */
  async finish(
    signal: AbortSignal,
    reporter: Pick<WorkReporter, 'track'>,
    { compares }: { readonly compares: boolean },
  ): Promise<PendingPictures> {
    const { pictures } = this.stores;
    await this.ensureBuilt();
    const { matching, classification } = this.beside;
    if (!signal.aborted) await classification.run({ signal });
    const after = this.lastBefore;
    if (after === null || signal.aborted || !compares) return pictures.pending();
    const waiting = await pictures.pending(after);
    if (waiting.unsigned + waiting.uncompared > 0) await trackMatching(matching, waiting, { after, signal }, reporter);
    return pictures.pending();
  }
}

/** Those that are the same for every source; what was not given has its default. */
function toIngestOptions(options: SourceIngestOptions): Omit<IngestOptions, 'source'> {
  const { limit, sourceName, restoreDeleted, dryRun, onBegin, onlyNew, prune, signal } = options;
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(sourceName === undefined ? {} : { sourceName }),
    ...(restoreDeleted === true ? { restoreDeleted } : {}),
    ...(dryRun === true ? { dryRun } : {}),
    ...(onBegin === undefined ? {} : { onBegin }),
    ...{ onlyNew: onlyNew === true, prune: prune === true, signal },
  };
}
