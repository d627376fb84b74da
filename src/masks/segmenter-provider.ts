import { FigseekError } from '../domain/errors.js';
import type { Segmenter } from '../domain/segmenter.js';
import type { MaskPredictor } from '../ports/mask-predictor.js';
import type { SegmenterManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { DrawingThread } from './postprocess-thread.js';

export interface SegmenterHandle {
  readonly client: MaskPredictor;
  readonly thread: DrawingThread;
}

/** A package that cannot be opened is not read again before: its gigabytes are hashed, for each mask that waits. */
const reopenAfterMs = 60_000;

/**
 * The segmenter of a server. Which one it is is read from its small `model.json`; its files are checked, and its child
 * and thread started, only when the first mask is to be drawn: most servers never draw one. Where its package is
 * replaced while the server runs, the new one is opened.
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

  /** Null where no segmenter is installed. @throws {FigseekError} MODEL_UNAVAILABLE where it cannot be told which */
  async findManifest(): Promise<SegmenterManifest | null> {
    const isNone = this.wanted === null && (await this.registry.list()).every(({ kind }) => kind !== 'segmenter');
    return isNone ? null : this.manifest();
  }

  /** What a user of the segmenter that made a mask must know; null where it is not the one of this server. */
  async warningOf(model: string): Promise<string | null> {
    const manifest = this.known ?? (await this.findManifest().catch(() => null));
    return manifest?.name === model ? manifest.warning : null;
  }

  /** Ready to draw; what failed is tried again after a minute. @throws {FigseekError} MODEL_UNAVAILABLE */
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
   * Work by the segmenter, done once more where its package is replaced meanwhile: what fails then fails for that.
   * @throws {FigseekError} MODEL_UNAVAILABLE, and what the work throws
   */
  async withSegmenter<Result>(work: (segmenter: SegmenterHandle) => Promise<Result>): Promise<Result> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const segmenter = await this.open();
      const [result] = await Promise.allSettled([work(segmenter)]);
      if (await this.isReplaced(segmenter)) continue;
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    }
    throw new FigseekError('MODEL_UNAVAILABLE', 'The segmenter was replaced while it drew; ask again');
  }

  /**
   * Whether another package stands in its place by now: its child and thread open files by name, also later on, and
   * what they draw is then of no version. It is closed, and the next `open` opens the new one.
   */
  private async isReplaced(one: SegmenterHandle): Promise<boolean> {
    const { version } = await this.registry.segmenterManifest(this.wanted);
    if (version === one.client.model.version) return false;
    if (this.opened === one) {
      this.known = null;
      this.opening = null;
      this.opened = null;
    }
    await ended(one);
    return true;
  }

  async close(): Promise<void> {
    this.closed = true;
    const opened = await this.opening?.catch(() => null);
    if (opened != null) await ended(opened);
  }

  private async start(): Promise<SegmenterHandle> {
    const model = await this.registry.loadSegmenter(this.wanted);
    // It may be another one than when its manifest was read.
    if (model.version !== this.known?.version) this.known = null;
    const thread = new DrawingThread({ modelsDir: this.registry.modelsDir, name: this.wanted ?? model.name });
    this.opened = { client: this.newPredictor(model), thread };
    return this.opened;
  }
}

async function ended({ client, thread }: SegmenterHandle): Promise<void> {
  await client.close();
  await thread.close();
}
