import type { Figure, Panel } from '../domain/figure.js';
import { hashMaskKey, preprocessKey, validatePrompt, type DrawnMask, type MaskKey } from '../domain/mask.js';
import type { MaskRecord } from '../domain/stored-mask.js';
import type { PreprocessedImageCache } from './preprocessed-image-cache.js';
import type { SegmenterHandle, SegmenterProvider } from './segmenter-provider.js';
import { imageTypeFor } from './statistics/plausibility.js';

/** A panel of a figure as it is now, and what to look for in it. */
export interface MaskRequest {
  readonly panel: Panel;
  readonly figure: Pick<Figure, 'imageHash' | 'modality'>;
  readonly prompt: string;
  /** The image type whose statistics give the p-value; null: the figure's modality and the prompt decide. */
  readonly imageType: string | null;
}

/** A mask with what it depends on: the segmenter may have been replaced since it was requested. */
export interface GeneratedMask {
  readonly record: MaskRecord;
  readonly drawn: DrawnMask;
}

/** Makes one mask. */
export class MaskGenerator {
  constructor(
    private readonly segmenters: SegmenterProvider,
    private readonly images: PreprocessedImageCache,
  ) {}

  /** The record under which a mask will be stored. @throws {FigseekError} BAD_USER_INPUT; MODEL_UNAVAILABLE where there is no segmenter */
  async keyFor({ panel, figure, prompt, imageType }: MaskRequest): Promise<MaskRecord> {
    const plain = validatePrompt(prompt);
    const manifest = await this.segmenters.manifest();
    const type = imageTypeFor(manifest, plain, imageType, figure.modality);
    return this.recordOfCurrentModel({ imageHash: figure.imageHash, box: panel.box, prompt: plain, imageType: type });
  }

  /**
   * @param waitForTurn awaited before the model runs
   * @throws {FigseekError} the model, the image or the prompt cannot be used
   */
  generate(record: MaskRecord, waitForTurn: () => Promise<void>): Promise<GeneratedMask> {
    return this.segmenters.withSegmenter(async (segmenter) => {
      const isCurrent = record.key.modelVersion === segmenter.client.model.version;
      const current = isCurrent ? record : await this.recordOfCurrentModel(record.key);
      return { record: current, drawn: await this.generateBy(segmenter, current, waitForTurn) };
    });
  }

  close(): Promise<void> {
    return this.segmenters.close();
  }

  private async recordOfCurrentModel({
    imageHash,
    box,
    prompt,
    imageType,
  }: Omit<MaskKey, 'modelVersion' | 'preparation'>): Promise<MaskRecord> {
    const { name, version, imageSize } = await this.segmenters.manifest();
    const key = { imageHash, box, prompt, imageType, modelVersion: version, preparation: preprocessKey(imageSize) };
    return { hash: hashMaskKey(key), key, model: name };
  }

  private async generateBy(
    { client, thread }: SegmenterHandle,
    { key }: MaskRecord,
    waitForTurn: () => Promise<void>,
  ): Promise<DrawnMask> {
    const ids = client.model.tokenize(key.prompt);
    const input = await this.images.get(key, client.model.imageSize);
    await waitForTurn();
    // Not “interactive”: its time limit includes the time in the queue of the process, and `MaskScheduler` has its own queue.
    const raw = await client.segment(input, ids, 'bulk');
    return thread.postprocessMask({ raw, input, prompt: key.prompt, imageType: key.imageType, box: key.box });
  }
}
