import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { IngestRun } from '../domain/ingest-run.js';
import { validateSourceName } from '../domain/record-source.js';
import type { Viewer } from '../domain/viewer.js';
import type { IngestHistory } from './ingest-history.js';
import type { IngestUploadFiles } from './ingest-uploads.js';

/** Each has a model of its own in memory. The second begins while the first one builds the index. */
const maxConcurrent = 2;

/** What is to be ingested. */
export interface IngestOrder {
  readonly source: string;
  readonly format: string;
  /** The source that the records belong to; null: the one that the path had before, or its name. */
  readonly sourceName: string | null;
}

/** Runs an ingest to its end, beside the server's own work. @param onBegin told the id of its run */
export type RunIngest = (order: IngestOrder, onBegin: (runId: string) => void, signal: AbortSignal) => Promise<void>;

/** What may be read by request. */
export interface ReadableSources {
  /** Folders of the server's machine, with all that lies below them. */
  readonly roots: readonly string[];
  /** Whether a text names an article that is fetched, as `pmc:PMC8253867`. @throws {FigseekError} BAD_USER_INPUT where it is to, and is no id */
  readonly isArticle: (text: string) => boolean;
  /** @throws {FigseekError} BAD_USER_INPUT */
  readonly parseFormat: (format: string) => string;
}

/** Begins ingests by request: of files that were sent, of folders that the configuration allows, of named articles. */
export class IngestStarter {
  private readonly running = new Set<Promise<void>>();
  private readonly end = new AbortController();

  constructor(
    private readonly readable: ReadableSources,
    private readonly uploads: Omit<IngestUploadFiles, 'receive'>,
    private readonly history: Pick<IngestHistory, 'run'>,
    private readonly ingest: RunIngest,
  ) {}

  get roots(): readonly string[] {
    return this.readable.roots;
  }

  /**
   * @param order `source`: a path below a root, or the name of an article
   * @throws {FigseekError} BAD_USER_INPUT where it may not be read, or is no source; CONFLICT while others run
   */
  async fromPath(viewer: Viewer, { source, ...order }: IngestOrder): Promise<IngestRun> {
    return this.start(viewer, { ...order, source: await this.expectReadable(source) });
  }

  /** @throws {FigseekError} NOT_FOUND where the files are not there any more, and as `fromPath` */
  async fromUpload(viewer: Viewer, uploadId: string, order: Omit<IngestOrder, 'source'>): Promise<IngestRun> {
    return this.start(viewer, { ...order, source: await this.uploads.sourceOf(uploadId) }, uploadId);
  }

  /**
   * Reads the source of an earlier run once more.
   * @param format as it was given then: a run does not keep it
   * @throws {FigseekError} NOT_FOUND, and as `fromPath`
   */
  async again(viewer: Viewer, runId: string, format: string): Promise<IngestRun> {
    const { source } = await this.history.run(viewer, runId);
    const order = { format, sourceName: null };
    const uploadId = await this.uploads.idOf(source);
    if (uploadId !== null) return this.start(viewer, { ...order, source }, uploadId);
    return this.fromPath(viewer, { ...order, source });
  }

  /** Whether `again` can read the source of a run: its files are there, and may be read. */
  async isReadable(_viewer: Viewer, { source }: Pick<IngestRun, 'source'>): Promise<boolean> {
    if ((await this.uploads.idOf(source)) !== null) return true;
    return this.expectReadable(source).then(
      () => true,
      () => false,
    );
  }

  /** Ends what runs after the figures in hand. */
  async close(): Promise<void> {
    this.end.abort();
    await Promise.all(this.running);
  }

  private async expectReadable(source: string): Promise<string> {
    if (this.readable.isArticle(source)) return source;
    const { roots } = this.readable;
    const told = 'FIGSEEK_INGEST_ROOTS, the folders whose files may be read by request';
    if (roots.length === 0) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        `Expected a path below ${told}, but none is set: send the files, or use “npx figseek ingest”`,
      );
    }
    // A link must not lead out of a root, and a missing file be told from one that may not be read.
    const real = path.isAbsolute(source) ? await realpath(source).catch(() => null) : null;
    for (const root of real === null ? [] : roots) {
      const below = path.relative(await realpath(root).catch(() => root), real ?? '');
      if (below !== '..' && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below)) return source;
    }
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected the absolute path of a file or folder below ${roots.join(', ')} (${told}) but received ${source.slice(0, 200)}`,
    );
  }

  private async start(viewer: Viewer, order: IngestOrder, uploadId: string | null = null): Promise<IngestRun> {
    this.readable.parseFormat(order.format);
    if (order.sourceName !== null) validateSourceName(order.sourceName);
    if (this.running.size >= maxConcurrent) {
      throw new FigseekError(
        'CONFLICT',
        `Expected fewer than ${maxConcurrent} ingests at once; begin this one when one has ended`,
      );
    }
    if (uploadId !== null) this.uploads.hold(uploadId);
    const runId = await new Promise<string>((resolve, reject) => {
      let begun: string | null = null;
      const onBegin = (id: string): void => {
        begun = id;
        resolve(id);
      };
      const ended = this.ingest(order, onBegin, this.end.signal)
        .then(() => {
          if (begun === null) throw new Error('The ingest ended before its run was noted');
        })
        .catch((error: unknown) => {
          // The run itself tells of most; what comes after it is told here.
          if (begun === null) reject(error instanceof Error ? error : new Error(messageOf(error)));
          else console.error(`An ingest by request did not end well: ${messageOf(error)}`);
        })
        .then(() => this.letGo(viewer, uploadId, begun))
        .catch((error: unknown) => {
          console.error(`Files of an ingest by request were not deleted: ${messageOf(error)}`);
        })
        .finally(() => this.running.delete(ended));
      this.running.add(ended);
    });
    return this.history.run(viewer, runId);
  }

  /** Files of a run that took all of them are of no use any more; others are kept for a while, so that it can be tried again. */
  private async letGo(viewer: Viewer, uploadId: string | null, runId: string | null): Promise<void> {
    if (uploadId === null) return;
    await this.uploads.release(uploadId);
    const run = runId === null ? null : await this.history.run(viewer, runId).catch(() => null);
    if (run?.state === 'DONE' && run.rejected === 0) await this.uploads.remove(uploadId);
  }
}
