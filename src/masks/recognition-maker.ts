import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { preparationOf } from '../domain/mask.js';
import { recognitionHashOf, type RecognisedObject, type RecognitionKey } from '../domain/recognition.js';
import type { RecognitionRecord } from '../adapters/sqlite/recognition.repository.js';
import { recognisable } from './statistics/plausibility.js';
import type { PreparedPictures } from './prepared-pictures.js';
import type { ObjectAnswer } from './read-recognition.js';
import type { OpenSegmenter, SegmenterHost } from './segmenter-host.js';

/** A panel of a figure as it is now, and what kind of picture it is. */
export interface RecognitionQuestion {
  readonly panel: Panel;
  readonly figure: Pick<Figure, 'imageHash'>;
  readonly imageType: string;
  readonly minPValue: number;
}

/** Objects with what they were made by: the segmenter may have been replaced since they were asked for. */
export interface MadeRecognition {
  readonly record: RecognitionRecord;
  readonly objects: readonly RecognisedObject[];
}

/** Looks for every object of an image type in one picture: a prompt each, the picture encoded once. */
export class RecognitionMaker {
  constructor(
    private readonly host: SegmenterHost,
    private readonly pictures: PreparedPictures,
  ) {}

  /** What it will be kept under. @throws {FigseekError} BAD_USER_INPUT; MODEL_UNAVAILABLE where no segmenter is there */
  async record({ panel, figure, imageType, minPValue }: RecognitionQuestion): Promise<RecognitionRecord> {
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
  draw(record: RecognitionRecord, turn: () => Promise<void>): Promise<MadeRecognition> {
    return this.host.using(async (segmenter) => {
      const isOfIt = record.key.modelVersion === segmenter.client.model.version;
      const now = isOfIt ? record : await this.current(record.key);
      return { record: now, objects: await this.drawBy(segmenter, now, turn) };
    });
  }

  private async current({
    imageHash,
    box,
    imageType,
    minPValue,
  }: Omit<RecognitionKey, 'modelVersion' | 'preparation'>): Promise<RecognitionRecord> {
    const manifest = await this.host.manifest();
    const made = { modelVersion: manifest.version, preparation: preparationOf(manifest.imageSize) };
    const key = { imageHash, box, ...made, imageType: recognisable(manifest, imageType).imageType, minPValue };
    return { hash: recognitionHashOf(key), key, model: manifest.name };
  }

  private async drawBy(
    { client, thread }: OpenSegmenter,
    { key }: RecognitionRecord,
    turn: () => Promise<void>,
  ): Promise<readonly RecognisedObject[]> {
    const input = await this.pictures.of(key, client.model.imageSize);
    const answers: ObjectAnswer[] = [];
    for (const prompt of recognisable(client.model, key.imageType).prompts) {
      const ids = client.model.tokenize(prompt);
      await turn();
      answers.push({ prompt, raw: await client.segment(input, ids, 'bulk') });
    }
    return thread.recognise({ answers, input, imageType: key.imageType, minPValue: key.minPValue, box: key.box });
  }
}
