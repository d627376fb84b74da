import { FigseekError } from '../../src/domain/errors.js';
import { imageHashOf, type ImageHash } from '../../src/domain/ids.js';
import type { StoredImage } from '../../src/domain/stored-image.js';
import { BlobStore } from '../../src/ports/blob-store.js';

/** Image files in memory; `fileOf` names no file that is there. */
export class MemoryBlobStore extends BlobStore {
  private readonly images = new Map<ImageHash, Uint8Array>();
  private readonly putAt = new Map<ImageHash, number>();

  put(bytes: Uint8Array): Promise<ImageHash> {
    const hash = imageHashOf(bytes);
    this.images.set(hash, Uint8Array.from(bytes));
    this.putAt.set(hash, Date.now());
    return Promise.resolve(hash);
  }

  remove(hash: ImageHash, minAgeMs = 0): Promise<void> {
    const isYoung = minAgeMs > 0 && (this.putAt.get(hash) ?? 0) > Date.now() - minAgeMs;
    if (!isYoung) this.images.delete(hash);
    return Promise.resolve();
  }

  has(hash: ImageHash): Promise<boolean> {
    return Promise.resolve(this.images.has(hash));
  }

  fileOf(hash: ImageHash): StoredImage {
    return { file: `/memory/${hash}`, hash };
  }

  start(hash: ImageHash, length: number): Promise<Uint8Array | null> {
    return Promise.resolve(this.images.get(hash)?.subarray(0, length) ?? null);
  }

  get(hash: ImageHash): Promise<Uint8Array> {
    const bytes = this.images.get(hash);
    if (bytes !== undefined) return Promise.resolve(bytes);
    return Promise.reject(new FigseekError('INTERNAL_SERVER_ERROR', `The image ${hash} is missing`));
  }
}
