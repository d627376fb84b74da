import path from 'node:path';
import { openSource, type SourceFormat } from '../adapters/sources/open-source.js';
import type { Ingest, IngestReport } from '../corpus/ingest.js';
import { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { PictureStore } from '../ports/picture-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { ActiveModel } from './active-model.js';
import { withApp } from './command-context.js';
import type { Config } from './config.js';
import type { Viewer } from '../domain/viewer.js';

export interface SourceIngestOptions {
  readonly format: SourceFormat;
  /** Most records of a source. */
  readonly limit?: number | undefined;
  /** The source that the records belong to; default: the one that the path had before, or its name. */
  readonly sourceName?: string | undefined;
  readonly restoreDeleted?: boolean | undefined;
  /** Reads and checks, and stores nothing. */
  readonly dryRun?: boolean | undefined;
  /** Aborted: the run ends after the batch in hand. */
  readonly signal: AbortSignal;
}

/** Takes files and folders into the corpus. */
export class SourceIngest {
  /** @param ensureBuilt builds the vector index where there is none */
  constructor(
    private readonly ingest: Pick<Ingest, 'run'>,
    private readonly ensureBuilt: () => Promise<unknown>,
    private readonly matching: Pick<PictureMatching, 'run'>,
    private readonly pictures: Pick<PictureStore, 'pending'>,
  ) {}

  /** @param source a path @throws {FigseekError} BAD_USER_INPUT where it is no source */
  async run(
    viewer: Viewer,
    source: string,
    { format, limit, sourceName, restoreDeleted, dryRun, signal }: SourceIngestOptions,
    { track }: Pick<WorkReporter, 'track'>,
  ): Promise<IngestReport> {
    const opened = await openSource(source, format);
    const total = Math.min(limit ?? Infinity, await opened.count());
    return track(path.basename(source), total, (at) =>
      this.ingest.run(viewer, opened.items, {
        source: path.resolve(source),
        ...(limit === undefined ? {} : { limit }),
        ...(sourceName === undefined ? {} : { sourceName }),
        ...(restoreDeleted === true ? { restoreDeleted } : {}),
        ...(dryRun === true ? { dryRun } : {}),
        signal,
        onProgress: ({ read }) => {
          at(read);
        },
      }),
    );
  }

  /**
   * After the last source: what was taken in is then found by an index, and its pictures are compared with all others.
   * @param signal aborted: a server, or the next ingest, compares the rest
   */
  async finish(signal: AbortSignal, { track }: Pick<WorkReporter, 'track'>): Promise<void> {
    await this.ensureBuilt();
    if (signal.aborted) return;
    const { unsigned, uncompared } = await this.pictures.pending();
    if (unsigned + uncompared === 0) return;
    await track('comparing pictures', 2 * unsigned + uncompared, (at) =>
      this.matching.run({
        signal,
        onProgress: (done) => {
          at(done);
        },
      }),
    );
  }
}

/** Runs `work` over the configured corpus and its active model. */
export function withSourceIngest<Result>(
  config: Config,
  work: (ingest: SourceIngest) => Promise<Result>,
): Promise<Result> {
  return withApp(config, (core) => {
    const { ingest, space } = core.get(ActiveModel).current;
    const [matching, pictures] = [core.get(PictureMatching), core.get(PictureStore)];
    return work(new SourceIngest(ingest, () => space.ensureBuilt(), matching, pictures));
  });
}
