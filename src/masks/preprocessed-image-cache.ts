import { LRUCache } from 'lru-cache';
import type { MaskKey } from '../domain/mask.js';
import type { SegmenterInput } from '../domain/segmenter.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { ImageReader } from '../ports/image-reader.js';

/** 3 MB each at 1024 pixels. */
const cacheSize = 8;

/** Images as a segmenter takes them: prompts on one image share its preparation. */
export class PreprocessedImageCache {
  private readonly inputs = new LRUCache<string, Promise<SegmenterInput>>({ max: cacheSize });

  constructor(
    private readonly blobs: BlobStore,
    private readonly reader: ImageReader,
  ) {}

  /** @param size side of the square that the segmenter works on @throws {FigseekError} the image cannot be used */
  get({ imageHash, box }: Pick<MaskKey, 'imageHash' | 'box'>, size: number): Promise<SegmenterInput> {
    const key = JSON.stringify([imageHash, box, size]);
    const cached = this.inputs.get(key);
    if (cached !== undefined) return cached;
    const prepared = this.reader.readForSegmenter(this.blobs.fileOf(imageHash), box, size);
    this.inputs.set(key, prepared);
    prepared.catch(() => this.inputs.delete(key));
    return prepared;
  }
}
