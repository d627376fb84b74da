import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { preprocessKey } from '../domain/mask.js';
import { detectionHash, type DetectedObject, type DetectionKey } from '../domain/detection.js';
import type { DetectionRecord } from '../adapters/sqlite/detection.repository.js';
import { detectablePrompts } from './statistics/plausibility.js';
import type { PreprocessedImageCache } from './preprocessed-image-cache.js';
import type { ObjectAnswer } from './postprocess-detections.js';
import type { SegmenterHandle, SegmenterProvider } from './segmenter-provider.js';

/** A panel of a figure as it is now, and what kind of picture it is. */
export interface DetectionRequest {
  readonly panel: Panel;
  readonly figure: Pick<Figure, 'imageHash'>;
  readonly imageType: string;
  readonly minPValue: number;
}

/** Objects with what they were made by: the segmenter may have been replaced since they were asked for. */
export interface GeneratedDetection {
  readonly record: DetectionRecord;
  readonly objects: readonly DetectedObject[];
}

/** Looks for every object of an image type in one picture: a prompt each, the picture encoded once. */
export class DetectionGenerator {
  constructor(
    private readonly host: SegmenterProvider,
    private readonly pictures: PreprocessedImageCache,
  ) {}

  /** What it will be kept under. @throws {FigseekError} BAD_USER_INPUT; MODEL_UNAVAILABLE where no segmenter is there */
  async keyFor({ panel, figure, imageType, minPValue }: DetectionRequest): Promise<DetectionRecord> {
    if (!(minPValue >= 0 && minPValue <= 1)) {
      throw new FigseekError('BAD_USER_INPUT', `Expected minPValue to be from 0 to 1 but received ${minPValue}`);
    }
    // Whoever tries many limits shall not fill the database: a hundredth tells enough apart.
    const limit = Math.round(minPValue * 100) / 100;
    return this.current({ imageHash: figure.imageHash, box: panel.box, imageType, minPValue: limit });
  }

  /**
   * @param turn waited for before each run of the model
   * @throws {FigseekError} the model or the picture cannot be used
   */
  generate(record: DetectionRecord, turn: () => Promise<void>): Promise<GeneratedDetection> {
    return this.host.withSegmenter(async (segmenter) => {
      const isOfIt = record.key.modelVersion === segmenter.client.model.version;
      const now = isOfIt ? record : await this.current(record.key);
      return { record: now, objects: await this.generateBy(segmenter, now, turn) };
    });
  }

  private async current({
    imageHash,
    box,
    imageType,
    minPValue,
  }: Omit<DetectionKey, 'modelVersion' | 'preparation'>): Promise<DetectionRecord> {
    const manifest = await this.host.manifest();
    const made = { modelVersion: manifest.version, preparation: preprocessKey(manifest.imageSize) };
    const key = { imageHash, box, ...made, imageType: detectablePrompts(manifest, imageType).imageType, minPValue };
    return { hash: detectionHash(key), key, model: manifest.name };
  }

  private async generateBy(
    { client, thread }: SegmenterHandle,
    { key }: DetectionRecord,
    turn: () => Promise<void>,
  ): Promise<readonly DetectedObject[]> {
    const input = await this.pictures.get(key, client.model.imageSize);
    const answers: ObjectAnswer[] = [];
    for (const prompt of detectablePrompts(client.model, key.imageType).prompts) {
      const ids = client.model.tokenize(prompt);
      await turn();
      answers.push({ prompt, raw: await client.segment(input, ids, 'bulk') });
    }
    return thread.recognise({ answers, input, imageType: key.imageType, minPValue: key.minPValue, box: key.box });
  }
}
