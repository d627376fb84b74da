import { LRUCache } from 'lru-cache';
import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { checkedPrompt, maskHashOf, preparationOf, type DrawnMask, type MaskKey } from '../domain/mask.js';
import type { SegmenterInput } from '../domain/segmenter.js';
import type { PanelImages } from '../search/panel-images.js';
import type { MaskRecord } from '../store/repositories/mask.repository.js';
import type { DrawingThread } from './drawing-thread.js';
import { imageTypeFor } from './plausibility.js';
import type { OpenSegmenter, SegmenterHost } from './segmenter-host.js';

/** 3 MB each at 1024 pixels. */
const keptInputs = 8;

/** A panel of a figure as it is now, and what to look for in it. */
export interface MaskQuestion {
  readonly panel: Panel;
  readonly figure: Pick<Figure, 'imageHash' | 'modality'>;
  readonly prompt: string;
  /** Whose statistics count; null leaves it to the figure's modality and the prompt. */
  readonly imageType: string | null;
}

/** A mask with what it was made by: the segmenter may have been replaced since it was asked for. */
export interface MadeMask {
  readonly record: MaskRecord;
  readonly drawn: DrawnMask;
}

/** Draws one mask. Prompts on one picture share its preparation here and its features in the child. */
export class MaskMaker {
  private readonly prepared = new LRUCache<string, Promise<SegmenterInput>>({ max: keptInputs });

  constructor(
    private readonly host: SegmenterHost,
    private readonly images: PanelImages,
  ) {}

  /** What a mask will be kept under. @throws {FigseekError} BAD_USER_INPUT; MODEL_UNAVAILABLE where no segmenter is there */
  async record({ panel, figure, prompt, imageType }: MaskQuestion): Promise<MaskRecord> {
    const plain = checkedPrompt(prompt);
    const manifest = await this.host.manifest();
    const type = imageTypeFor(manifest, plain, imageType, figure.modality);
    return this.current({ imageHash: figure.imageHash, box: panel.box, prompt: plain, imageType: type });
  }

  /**
   * @param turn waited for before the model runs
   * @throws {FigseekError} the model, the picture or the prompt cannot be used
   */
  async draw(record: MaskRecord, turn: () => Promise<void>): Promise<MadeMask> {
    // Once more where the package is replaced meanwhile: what fails then fails for that.
    for (let attempt = 0; attempt < 2; attempt++) {
      const segmenter = await this.host.open();
      const isOfIt = record.key.modelVersion === segmenter.client.model.version;
      const now = isOfIt ? record : await this.current(record.key);
      const [result] = await Promise.allSettled([this.drawBy(segmenter, now, turn)]);
      if (await this.host.isReplaced(segmenter)) continue;
      if (result.status === 'rejected') throw result.reason;
      return { record: now, drawn: result.value };
    }
    throw new FigseekError('MODEL_UNAVAILABLE', 'The segmenter was replaced while it drew; ask again');
  }

  close(): Promise<void> {
    return this.host.close();
  }

  private async current(asked: Omit<MaskKey, 'modelVersion' | 'preparation'>): Promise<MaskRecord> {
    const { name, version, imageSize } = await this.host.manifest();
    const { imageHash, box, prompt, imageType } = asked;
    const what = { imageHash, box, prompt, imageType };
    const key = { ...what, modelVersion: version, preparation: preparationOf(imageSize) };
    return { hash: maskHashOf(key), key, model: name };
  }

  private async drawBy(
    { client, thread }: OpenSegmenter,
    { key }: MaskRecord,
    turn: () => Promise<void>,
  ): Promise<DrawnMask> {
    const ids = client.model.tokenize(key.prompt);
    const input = await this.input(key, thread);
    await turn();
    // Not “interactive”: its time limit counts the wait for its turn, and turns are given by `Masks`.
    const raw = await client.segment(input, ids, 'bulk');
    return thread.read({ raw, input, prompt: key.prompt, imageType: key.imageType, box: key.box });
  }

  private input(
    { imageHash, box, modelVersion, preparation }: MaskKey,
    thread: DrawingThread,
  ): Promise<SegmenterInput> {
    const name = JSON.stringify([imageHash, box, modelVersion, preparation]);
    const known = this.prepared.get(name);
    if (known !== undefined) return known;
    const made = this.images.part(imageHash, box).then((image) => thread.prepare(image));
    this.prepared.set(name, made);
    made.catch(() => this.prepared.delete(name));
    return made;
  }
}
