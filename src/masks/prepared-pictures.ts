import { LRUCache } from 'lru-cache';
import type { MaskKey } from '../domain/mask.js';
import type { SegmenterInput } from '../domain/segmenter.js';
import type { PanelImages } from '../search/panel-images.js';
import type { DrawingThread } from './drawing-thread.js';

/** 3 MB each at 1024 pixels. */
const keptInputs = 8;

/** Pictures as a segmenter takes them: prompts on one picture share its preparation. */
export class PreparedPictures {
  private readonly prepared = new LRUCache<string, Promise<SegmenterInput>>({ max: keptInputs });

  constructor(private readonly images: PanelImages) {}

  /** @throws {FigseekError} the picture cannot be used */
  of(
    { imageHash, box, modelVersion, preparation }: Omit<MaskKey, 'prompt' | 'imageType'>,
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
