import path from 'node:path';
import { FigseekError } from '../domain/errors.js';
import type { Segmenter } from '../domain/segmenter.js';
import type { MaskPredictor } from '../ports/mask-predictor.js';
import type { SegmenterManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { PostprocessThread } from './postprocess-thread.js';

export interface SegmenterHandle {
  readonly client: MaskPredictor;
  readonly thread: PostprocessThread;
}

/** The least time between a failure to open the package and the next try, as each try hashes gigabytes. */
const reopenAfterMs = 60_000;

/**
 * The segmenter of a server. Its small `model.json` names it. Its other files are verified, and its process and thread
 * start, with the first mask, as most servers never make one. Where its package is replaced while the server runs, the
 * new one is opened.
 */
export class SegmenterProvider {
  private known: SegmenterManifest | null = null;
  private opening: Promise<SegmenterHandle> | null = null;
  private opened: SegmenterHandle | null = null;
  private failedAt: number | null = null;
  private closed = false;

  /** @param wanted a package's name; null for the only segmenter there is, the starter aside */
  constructor(
    private readonly registry: ModelRegistry,
    private readonly wanted: string | null,
    private readonly newPredictor: (model: Segmenter) => MaskPredictor,
  ) {}

  /** @throws {FigseekError} MODEL_UNAVAILABLE saying the fix */
  async manifest(): Promise<SegmenterManifest> {
    this.known ??= await this.registry.segmenterManifest(this.wanted);
    return this.known;
  }

  /** Null where no segmenter is installed. @throws {FigseekError} MODEL_UNAVAILABLE where several are installed and none is configured */
  async findManifest(): Promise<SegmenterManifest | null> {
    const isNone = this.wanted === null && (await this.registry.list()).every(({ kind }) => kind !== 'segmenter');
    return isNone ? null : this.manifest();
  }

  /** The warning of the segmenter that made a mask, for its users; null where it is not the segmenter of this server. */
  async findWarning(model: string): Promise<string | null> {
    const manifest = this.known ?? (await this.findManifest().catch(() => null));
    return manifest?.name === model ? manifest.warning : null;
  }

  /** Opens the segmenter once; a failure is retried after a minute. @throws {FigseekError} MODEL_UNAVAILABLE */
  private open(): Promise<SegmenterHandle> {
    if (this.closed) return Promise.reject(new FigseekError('MODEL_UNAVAILABLE', 'The server is shutting down'));
    if (this.failedAt !== null && Date.now() - this.failedAt >= reopenAfterMs) {
      this.opening = null;
      this.failedAt = null;
    }
    this.opening ??= this.start().catch((error: unknown) => {
      this.failedAt = Date.now();
      throw error;
    });
    return this.opening;
  }

  /**
   * Work with the segmenter. It is done again where the package was replaced meanwhile, which may be why it failed.
   * @throws {FigseekError} MODEL_UNAVAILABLE, and what the work throws
   */
  async withSegmenter<Result>(work: (segmenter: SegmenterHandle) => Promise<Result>): Promise<Result> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const segmenter = await this.open();
      const [result] = await Promise.allSettled([work(segmenter)]);
      if (await this.closeIfReplaced(segmenter)) continue;
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    }
    throw new FigseekError('MODEL_UNAVAILABLE', 'The segmenter was replaced while it drew; ask again');
  }

  /**
   * Whether another package has replaced it. Its process and thread open files by name, also later on, so their results
   * would belong to no version. It is then closed, and the next `open` opens the new one.
   */
  private async closeIfReplaced(one: SegmenterHandle): Promise<boolean> {
    const { version } = await this.registry.segmenterManifest(this.wanted);
    if (version === one.client.model.version) return false;
    if (this.opened === one) {
      this.known = null;
      this.opening = null;
      this.opened = null;
    }
    await closeHandle(one);
    return true;
  }

  async close(): Promise<void> {
    this.closed = true;
    const opened = await this.opening?.catch(() => null);
    if (opened != null) await closeHandle(opened);
  }

  private async start(): Promise<SegmenterHandle> {
    const model = await this.registry.loadSegmenter(this.wanted);
    // The package may have been replaced since its manifest was read.
    if (model.version !== this.known?.version) this.known = null;
    const name = this.wanted ?? model.name;
    const thread = new PostprocessThread({ modelsDir: path.dirname(await this.registry.folderOf(name)), name });
    this.opened = { client: this.newPredictor(model), thread };
    return this.opened;
  }
}

async function closeHandle({ client, thread }: SegmenterHandle): Promise<void> {
  await client.close();
  await thread.close();
}
