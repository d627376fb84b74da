import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageHash } from '../../domain/ids.js';
import { renderingVersion } from '../../imaging/rendering-version.js';
import type { BlobStore } from '../../ports/blob-store.js';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import { ThumbnailStore, type EncodedImage } from '../../ports/thumbnail-store.js';
import type { StoredImage } from '../../domain/stored-image.js';

/** Sizes that are kept; any other is rounded down to one, so that no reader can fill the disk with copies. */
const smallest = 160;
const larger = [192, 224, 256, 320, 384, 448, 480, 512, 640, 768, 960, 1024, 1280, 1536, 2048] as const;

/** Copies are kept on disk. No copy is smaller than 160 pixels. */
export class ThumbnailCache extends ThumbnailStore {
  constructor(
    private readonly blobs: BlobStore,
    private readonly folder: string,
    private readonly render: (image: StoredImage, side: number) => Promise<EncodedImage>,
  ) {
    super();
  }

  async get(hash: ImageHash, size: number | null): Promise<EncodedImage> {
    const side = larger.findLast((kept) => kept <= (size ?? Infinity)) ?? smallest;
    const file = path.join(this.folder, hash.slice(0, 2), `${hash}-${side}.v${renderingVersion}.webp`);
    const kept = await readFile(file).catch(() => null);
    if (kept !== null) return { bytes: kept, contentType: 'image/webp' };
    const made = await this.render(this.blobs.fileOf(hash), side);
    // What a full disk cannot keep can still be shown.
    await writeFileAtomic(file, made.bytes).catch(() => undefined);
    return made;
  }
}
