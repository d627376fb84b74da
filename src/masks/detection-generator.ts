import { hashDetectionKey, type DetectedObject, type DetectionKey, type DetectionRecord } from '../domain/detection.js';
import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { preprocessKey } from '../domain/mask.js';
import type { ObjectAnswer } from './postprocess-detections.js';
import type { PreprocessedImageCache } from './preprocessed-image-cache.js';
import type { SegmenterHandle, SegmenterProvider } from './segmenter-provider.js';
import { detectablePrompts } from './statistics/plausibility.js';

/** A panel of a figure as it is now, and what kind of image it is. */
export interface DetectionRequest {
  readonly panel: Panel;
  readonly figure: Pick<Figure, 'imageHash'>;
  readonly imageType: string;
  readonly minPValue: number;
}

/** Objects with what they depend on: the segmenter may have been replaced since they were requested. */
export interface GeneratedDetection {
  readonly record: DetectionRecord;
  readonly objects: readonly DetectedObject[];
}

/** Detects every object of an image type in one panel: a prompt each, the image encoded once. */
export class DetectionGenerator {
  constructor(
    private readonly segmenters: SegmenterProvider,
    private readonly images: PreprocessedImageCache,
  ) {}

  /** The record under which a detection will be stored. @throws {FigseekError} BAD_USER_INPUT; MODEL_UNAVAILABLE where there is no segmenter */
  async keyFor({ panel, figure, imageType, minPValue }: DetectionRequest): Promise<DetectionRecord> {
    if (!(minPValue >= 0 && minPValue <= 1)) {
      throw new FigseekError('BAD_USER_INPUT', `Expected minPValue to be from 0 to 1 but received ${minPValue}`);
    }
    // Rounded to a hundredth, so that a client that tries many limits does not fill the database.
    const limit = Math.round(minPValue * 100) / 100;
    return this.recordOfCurrentModel({ imageHash: figure.imageHash, box: panel.box, imageType, minPValue: limit });
  }

  /**
   * @param waitForTurn awaited before each run of the model
   * @throws {FigseekError} the model or the image cannot be used
   */
  generate(record: DetectionRecord, waitForTurn: () => Promise<void>): Promise<GeneratedDetection> {
    return this.segmenters.withSegmenter(async (segmenter) => {
      const isCurrent = record.key.modelVersion === segmenter.client.model.version;
      const current = isCurrent ? record : await this.recordOfCurrentModel(record.key);
      return { record: current, objects: await this.generateBy(segmenter, current, waitForTurn) };
    });
  }

  private async recordOfCurrentModel({
    imageHash,
    box,
    imageType,
    minPValue,
  }: Omit<DetectionKey, 'modelVersion' | 'preparation'>): Promise<DetectionRecord> {
    const manifest = await this.segmenters.manifest();
    const model = { modelVersion: manifest.version, preparation: preprocessKey(manifest.imageSize) };
    const key = { imageHash, box, ...model, imageType: detectablePrompts(manifest, imageType).imageType, minPValue };
    return { hash: hashDetectionKey(key), key, model: manifest.name };
  }

  private async generateBy(
    { client, thread }: SegmenterHandle,
    { key }: DetectionRecord,
    waitForTurn: () => Promise<void>,
  ): Promise<readonly DetectedObject[]> {
    const input = await this.images.get(key, client.model.imageSize);
    const answers: ObjectAnswer[] = [];
    for (const prompt of detectablePrompts(client.model, key.imageType).prompts) {
      const ids = client.model.tokenize(prompt);
      await waitForTurn();
      answers.push({ prompt, raw: await client.segment(input, ids, 'bulk') });
    }
    return thread.readDetections({ answers, input, imageType: key.imageType, minPValue: key.minPValue, box: key.box });
  }
}
