import type { Figure, Panel } from '../domain/figure.js';
import { validatePrompt, maskHashOf, preprocessKey, type DrawnMask, type MaskKey } from '../domain/mask.js';
import type { MaskRecord } from '../adapters/sqlite/mask.repository.js';
import { imageTypeFor } from './statistics/plausibility.js';
import type { PreprocessedImageCache } from './preprocessed-image-cache.js';
import type { SegmenterHandle, SegmenterProvider } from './segmenter-provider.js';

/** A panel of a figure as it is now, and what to look for in it. */
export interface MaskRequest {
  readonly panel: Panel;
  readonly figure: Pick<Figure, 'imageHash' | 'modality'>;
  readonly prompt: string;
  /** Whose statistics count; null leaves it to the figure's modality and the prompt. */
  readonly imageType: string | null;
}

/** A mask with what it was made by: the segmenter may have been replaced since it was asked for. */
export interface GeneratedMask {
  readonly record: MaskRecord;
  readonly drawn: DrawnMask;
}

/** Draws one mask. */
export class MaskGenerator {
  constructor(
    private readonly host: SegmenterProvider,
    private readonly pictures: PreprocessedImageCache,
  ) {}

  /** What a mask will be kept under. @throws {FigseekError} BAD_USER_INPUT; MODEL_UNAVAILABLE where no segmenter is there */
  async keyFor({ panel, figure, prompt, imageType }: MaskRequest): Promise<MaskRecord> {
    const plain = validatePrompt(prompt);
    const manifest = await this.host.manifest();
    const type = imageTypeFor(manifest, plain, imageType, figure.modality);
    return this.current({ imageHash: figure.imageHash, box: panel.box, prompt: plain, imageType: type });
  }

  /**
   * @param turn waited for before the model runs
   * @throws {FigseekError} the model, the picture or the prompt cannot be used
   */
  generate(record: MaskRecord, turn: () => Promise<void>): Promise<GeneratedMask> {
    return this.host.withSegmenter(async (segmenter) => {
      const isOfIt = record.key.modelVersion === segmenter.client.model.version;
      const now = isOfIt ? record : await this.current(record.key);
      return { record: now, drawn: await this.generateBy(segmenter, now, turn) };
    });
  }

  close(): Promise<void> {
    return this.host.close();
  }

  private async current(asked: Omit<MaskKey, 'modelVersion' | 'preparation'>): Promise<MaskRecord> {
    const { name, version, imageSize } = await this.host.manifest();
    const { imageHash, box, prompt, imageType } = asked;
    const what = { imageHash, box, prompt, imageType };
    const key = { ...what, modelVersion: version, preparation: preprocessKey(imageSize) };
    return { hash: maskHashOf(key), key, model: name };
  }

  private async generateBy(
    { client, thread }: SegmenterHandle,
    { key }: MaskRecord,
    turn: () => Promise<void>,
  ): Promise<DrawnMask> {
    const ids = client.model.tokenize(key.prompt);
    const input = await this.pictures.get(key, client.model.imageSize);
    await turn();
    // Not “interactive”: its time limit counts the wait for its turn, and turns are given by `Masks`.
    const raw = await client.segment(input, ids, 'bulk');
    return thread.read({ raw, input, prompt: key.prompt, imageType: key.imageType, box: key.box });
  }
}
