import type { ImageHash } from '../../src/domain/ids.js';
import { renderThumbnail } from '../../src/imaging/encode.js';
import type { BlobStore } from '../../src/ports/blob-store.js';
import { ThumbnailStore, type EncodedImage } from '../../src/ports/thumbnail-store.js';

const [smallest, largest] = [160, 2048];

/** Copies in memory, each of the size that was asked for. */
export class MemoryThumbnailStore extends ThumbnailStore {
  private readonly copies = new Map<string, EncodedImage>();

  constructor(private readonly blobs: BlobStore) {
    super();
  }

  async get(hash: ImageHash, size: number | null): Promise<EncodedImage> {
    const side = Math.min(largest, Math.max(smallest, size ?? largest));
    const key = `${hash} ${side}`;
    const kept = this.copies.get(key);
    if (kept !== undefined) return kept;
    const made = await renderThumbnail(await this.blobs.get(hash), side, { maxPixels: 1_000_000 });
    this.copies.set(key, made);
    return made;
  }
}
