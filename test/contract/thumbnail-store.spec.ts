import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FileBlobStore } from '../../src/adapters/files/file-blob-store.js';
import { ThumbnailCache } from '../../src/adapters/files/thumbnail-cache.js';
import { imageHashOf } from '../../src/domain/ids.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { encodePng, renderThumbnail } from '../../src/imaging/encode.js';
import { readStoredImage } from '../../src/imaging/stored-image.js';
import type { BlobStore } from '../../src/ports/blob-store.js';
import type { ThumbnailStore } from '../../src/ports/thumbnail-store.js';
import { MemoryBlobStore } from '../support/memory-blob-store.js';
import { MemoryThumbnailStore } from '../support/memory-thumbnail-store.js';

interface Opened {
  readonly blobs: BlobStore;
  readonly store: ThumbnailStore;
}

function onDisk(): Opened {
  const folder = mkdtempSync(path.join(tmpdir(), 'thumbnails-'));
  const blobs = new FileBlobStore(path.join(folder, 'images'));
  const store = new ThumbnailCache(blobs, path.join(folder, 'thumbnails'), async (image, side) =>
    renderThumbnail(await readStoredImage(image), side, { maxPixels: 1_000_000 }),
  );
  return { blobs, store };
}

function inMemory(): Opened {
  const blobs = new MemoryBlobStore();
  return { blobs, store: new MemoryThumbnailStore(blobs) };
}

const image = (width: number, height: number): Promise<Uint8Array> =>
  encodePng({ width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 251) });

describe.each<[string, () => Opened]>([
  ['in files', onDisk],
  ['in memory', inMemory],
])('copies of images %s', (_kind, open) => {
  it('have the proportions of the image, and are no larger than it, nor than the size that was asked for', async () => {
    const { blobs, store } = open();
    const hash = await blobs.put(await image(600, 300));
    for (const [size, width] of [
      [320, 320],
      [512, 512],
      [5000, 600],
      [null, 600],
    ] as const) {
      const { bytes, contentType } = await store.get(hash, size);
      const { image: copy } = await decodeImage(bytes);
      expect([contentType, copy.width, copy.height]).toEqual(['image/webp', width, width / 2]);
    }
  });

  it('are the same when they are asked for again', async () => {
    const { blobs, store } = open();
    const hash = await blobs.put(await image(300, 200));
    const [first, again] = [await store.get(hash, 256), await store.get(hash, 256)];
    expect(Buffer.from(again.bytes).equals(first.bytes)).toBe(true);
  });

  it('are refused by name for an image that is not there', async () => {
    const { store } = open();
    await expect(store.get(imageHashOf(Buffer.from('absent')), 320)).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
    });
  });
});
