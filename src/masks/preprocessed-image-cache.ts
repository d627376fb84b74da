import { LRUCache } from 'lru-cache';
import type { MaskKey } from '../domain/mask.js';
import type { SegmenterInput } from '../domain/segmenter.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { ImageReader } from '../ports/image-reader.js';

/** 3 MB each at 1024 pixels. */
const cacheSize = 8;

/** Pictures as a segmenter takes them: prompts on one picture share its preparation. */
export class PreprocessedImageCache {
  private readonly prepared = new LRUCache<string, Promise<SegmenterInput>>({ max: cacheSize });

  constructor(
    private readonly blobs: BlobStore,
    private readonly reader: ImageReader,
  ) {}

  /** @param size side of the square that the segmenter works on @throws {FigseekError} the picture cannot be used */
  get({ imageHash, box }: Pick<MaskKey, 'imageHash' | 'box'>, size: number): Promise<SegmenterInput> {
    const name = JSON.stringify([imageHash, box, size]);
    const known = this.prepared.get(name);
    if (known !== undefined) return known;
    const made = this.reader.readForSegmenter(this.blobs.fileOf(imageHash), box, size);
    this.prepared.set(name, made);
    made.catch(() => this.prepared.delete(name));
    return made;
  }
}
