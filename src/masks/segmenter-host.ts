import { FigseekError } from '../domain/errors.js';
import { SegmenterClient, type SegmenterOptions } from '../inference/segmenter-client.js';
import type { SegmenterManifest } from '../models/package-manifest.js';
import type { ModelRegistry } from '../models/registry.js';
import { DrawingThread } from './drawing-thread.js';

export interface OpenSegmenter {
  readonly client: SegmenterClient;
  readonly thread: DrawingThread;
}

/**
 * The segmenter of a server. Which one it is is read from its small `model.json`; its files are checked, and its child
 * and thread started, only when the first mask is to be drawn: most servers never draw one. Chosen once a process.
 */
export class SegmenterHost {
  private known: SegmenterManifest | null = null;
  private opening: Promise<OpenSegmenter> | null = null;

  /** @param wanted a package's name; null for the only segmenter there is, the starter aside */
  constructor(
    private readonly registry: ModelRegistry,
    private readonly wanted: string | null,
    private readonly options: SegmenterOptions,
  ) {}

  /** @throws {FigseekError} MODEL_UNAVAILABLE saying the mend */
  async manifest(): Promise<SegmenterManifest> {
    this.known ??= await this.registry.segmenterManifest(this.wanted);
    return this.known;
  }

  /** Null where no segmenter is installed. @throws {FigseekError} MODEL_UNAVAILABLE where it cannot be told which */
  async manifestIfAny(): Promise<SegmenterManifest | null> {
    const isNone = this.wanted === null && (await this.registry.list()).every(({ kind }) => kind !== 'segmenter');
    return isNone ? null : this.manifest();
  }

  /** What a user of the segmenter that made a mask must know; null where it is not the one of this server. */
  async warningOf(model: string): Promise<string | null> {
    const manifest = this.known ?? (await this.manifestIfAny().catch(() => null));
    return manifest?.name === model ? manifest.warning : null;
  }

  /** Ready to draw; what failed is tried again at the next call. @throws {FigseekError} MODEL_UNAVAILABLE */
  open(): Promise<OpenSegmenter> {
    this.opening ??= this.start().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  async close(): Promise<void> {
    const opened = await this.opening?.catch(() => null);
    await opened?.client.close();
    await opened?.thread.close();
  }

  private async start(): Promise<OpenSegmenter> {
    const { version } = await this.manifest();
    const model = await this.registry.loadSegmenter(this.wanted);
    if (model.version !== version) {
      const mend = 'start the server again';
      throw new FigseekError('MODEL_UNAVAILABLE', `The segmenter ${model.name} was replaced; ${mend}`);
    }
    const thread = new DrawingThread({ modelsDir: this.registry.modelsDir, name: this.wanted ?? model.name });
    return { client: new SegmenterClient(model, this.options), thread };
  }
}
