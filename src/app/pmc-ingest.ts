import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parsePmcSource, type PmcId } from '../adapters/sources/pmc/pmc-id.js';
import { PmcReader } from '../adapters/sources/pmc/pmc-reader.js';
import { PmcSource } from '../adapters/sources/pmc/pmc-source.js';
import type { IngestReport } from '../corpus/ingest.js';
import { FigseekError } from '../domain/errors.js';
import type { Viewer } from '../domain/viewer.js';
import { withProcessLock } from '../platform/file-lock.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { Config } from './config.js';
import type { SourceIngest, SourceIngestOptions } from './source-ingest.js';

interface PmcIngestOptions extends SourceIngestOptions {
  /** Told how many articles a query finds, before any is fetched; false: none is. */
  readonly confirm: (articles: number) => Promise<boolean>;
}

/** Takes articles of PubMed Central into the corpus, over the network. */
export class PmcIngest {
  constructor(
    private readonly config: Config,
    private readonly blobs: BlobStore,
    private readonly sources: Pick<SourceIngest, 'run'>,
  ) {}

  /** @param names as `pmc:PMC8253867` @throws {FigseekError} BAD_USER_INPUT; SOURCE_UNAVAILABLE without a connection */
  runArticles(
    viewer: Viewer,
    names: readonly string[],
    options: SourceIngestOptions,
    reporter: WorkReporter,
  ): Promise<IngestReport> {
    const ids = distinct(names.map(parsePmcSource));
    return this.withReader(options, reporter, (reader) =>
      this.sources.run(viewer, new PmcSource(() => reader.itemsOf(ids)), options, reporter),
    );
  }

  /**
   * @param query in the syntax of Europe PMC
   * @returns null where no article is wanted, or none is found
   * @throws {FigseekError} as `runArticles`
   */
  runQuery(
    viewer: Viewer,
    query: string,
    options: PmcIngestOptions,
    reporter: WorkReporter,
  ): Promise<IngestReport | null> {
    if (query.trim() === '') throw new FigseekError('BAD_USER_INPUT', 'Expected a query but received an empty one');
    return this.withReader(options, reporter, async (reader) => {
      const found = await reader.search(query.trim()).catch((error: unknown) => {
        if (options.signal.aborted) return null;
        throw error;
      });
      if (found === null || !(await options.confirm(found.count))) return null;
      return this.sources.run(viewer, new PmcSource(() => found.items), options, reporter);
    });
  }

  /** What was fetched is deleted after a run that came to its end; after any other one the next run goes on with it. */
  private async withReader<Report extends IngestReport | null>(
    { signal, screening = null, dryRun }: SourceIngestOptions,
    { tell }: WorkReporter,
    work: (reader: PmcReader) => Promise<Report>,
  ): Promise<Report> {
    const { data, pmcUrl, europepmcUrl, pmcRequestsPerSecond, pmcTimeoutMs } = this.config;
    const isDry = dryRun === true;
    const folder = isDry ? await mkdtemp(path.join(tmpdir(), 'figseek-pmc-')) : path.join(data, 'pmc');
    const limits = { requestsPerSecond: pmcRequestsPerSecond, stallMs: pmcTimeoutMs };
    const reading = { pmcUrl, europepmcUrl, ...limits, folder, blobs: this.blobs, screening, note: tell, signal };
    try {
      // Two runs together would ask twice as often as is polite.
      const run = (): Promise<Report> => this.untilEnd(new PmcReader(reading), work);
      return await withProcessLock(folder, 'ingest', run, 'reads PubMed Central as well');
    } finally {
      if (isDry) await rm(folder, { recursive: true, force: true });
    }
  }

  private async untilEnd<Report extends IngestReport | null>(
    reader: PmcReader,
    work: (reader: PmcReader) => Promise<Report>,
  ): Promise<Report> {
    try {
      const report = await work(reader);
      if (report?.isCancelled === false) await reader.sweep();
      return report;
    } finally {
      await reader.close();
    }
  }
}

/** An article that is named twice is read once. */
function distinct(ids: readonly PmcId[]): readonly PmcId[] {
  return [...new Map(ids.map((id) => [`${id.article}.${id.version ?? ''}`, id])).values()];
}
