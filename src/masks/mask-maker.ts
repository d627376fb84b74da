import { LRUCache } from 'lru-cache';
import { maskHashOf, type DrawnMask, type MaskKey } from '../domain/mask.js';
import type { SegmenterInput } from '../domain/segmenter.js';
import type { PanelImages } from '../search/panel-images.js';
import type { MaskRecord } from '../store/repositories/mask.repository.js';
import type { DrawingThread } from './drawing-thread.js';
import type { SegmenterHost } from './segmenter-host.js';

/** Raised when pictures are made ready, or answers read, in another way: older masks are then drawn anew. */
const drawingVersion = 1;
/** 3 MB each at 1024 pixels. */
const keptInputs = 8;

/** Draws one mask. Prompts on one picture share its preparation here and its features in the child. */
export class MaskMaker {
  private readonly prepared = new LRUCache<string, Promise<SegmenterInput>>({ max: keptInputs });

  constructor(
    private readonly host: SegmenterHost,
    private readonly images: PanelImages,
  ) {}

  /** What a mask will be kept under. @throws {FigseekError} MODEL_UNAVAILABLE where no segmenter is there */
  async record({ imageHash, box, prompt }: Pick<MaskKey, 'imageHash' | 'box' | 'prompt'>): Promise<MaskRecord> {
    const { name, version, imageSize } = await this.host.manifest();
    const key = { imageHash, box, modelVersion: version, preparation: `${drawingVersion}/${imageSize}`, prompt };
    return { hash: maskHashOf(key), key, model: name };
  }

  /** @throws {FigseekError} the model, the picture or the prompt cannot be used */
  async draw({ key }: MaskRecord): Promise<DrawnMask> {
    const { client, thread } = await this.host.open();
    const ids = client.model.tokenize(key.prompt);
    const input = await this.input(key, thread);
    // Not “interactive”: its time limit counts the wait for its turn, and turns are given by `Masks`.
    const raw = await client.segment(input, ids, 'bulk');
    return thread.read({ raw, input, prompt: key.prompt, box: key.box });
  }

  close(): Promise<void> {
    return this.host.close();
  }

  private input({ imageHash, box }: MaskKey, thread: DrawingThread): Promise<SegmenterInput> {
    const name = JSON.stringify([imageHash, box]);
    const known = this.prepared.get(name);
    if (known !== undefined) return known;
    const made = this.images.part(imageHash, box).then((image) => thread.prepare(image));
    this.prepared.set(name, made);
    made.catch(() => this.prepared.delete(name));
    return made;
  }
}
