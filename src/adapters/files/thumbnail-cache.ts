import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageHash } from '../../domain/ids.js';
import type { BlobStore } from '../../ports/blob-store.js';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import type { StoredImage } from '../../domain/stored-image.js';

/** Sizes that are kept; any other is rounded down to one, so that no reader can fill the disk with copies. */
const smallest = 160;
const larger = [192, 224, 256, 320, 384, 448, 480, 512, 640, 768, 960, 1024, 1280, 1536, 2048] as const;

/** Grows when the same file gives other pixels than before: copies that were kept, here or by a browser, are made again. */
export const pictureVersion = 2;

/** Resized, metadata-free copies of the images, made when first asked for and kept on disk. */
export class ThumbnailCache {
  constructor(
    private readonly blobs: BlobStore,
    private readonly folder: string,
    private readonly render: (image: StoredImage, side: number) => Promise<{ bytes: Uint8Array; contentType: string }>,
  ) {}

  /** @param size longest side in pixels, at most (but never below 160); null: as large as is kept */
  async get(hash: ImageHash, size: number | null): Promise<{ bytes: Uint8Array; contentType: string }> {
    const side = larger.findLast((kept) => kept <= (size ?? Infinity)) ?? smallest;
    const file = path.join(this.folder, hash.slice(0, 2), `${hash}-${side}.v${pictureVersion}.webp`);
    const kept = await readFile(file).catch(() => null);
    if (kept !== null) return { bytes: kept, contentType: 'image/webp' };
    const made = await this.render(this.blobs.fileOf(hash), side);
    // What a full disk cannot keep can still be shown.
    await writeFileAtomic(file, made.bytes).catch(() => undefined);
    return made;
  }
}
