import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeImage } from '../../imaging/decode.js';
import { encodePng, renderThumbnail } from '../../imaging/encode.js';
import { FileBlobStore } from './file-blob-store.js';
import { readStoredImage } from '../../imaging/stored-image.js';
import { ThumbnailCache } from './thumbnail-cache.js';

describe('ThumbnailCache', () => {
  it.each([
    [1, 160],
    [191, 160],
    [256, 256],
    [319, 256],
    [320, 320],
    [500, 480],
    [512, 512],
    [5000, 700],
    [null, 700],
  ])('gives for the size %p a copy of %d pixels', async (size, side) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'thumbnails-'));
    const blobs = new FileBlobStore(path.join(folder, 'images'));
    const hash = await blobs.put(await encodePng({ width: 700, height: 70, data: new Uint8Array(700 * 70 * 3) }));
    const cache = new ThumbnailCache(blobs, path.join(folder, 'thumbnails'), async (image, side) =>
      renderThumbnail(await readStoredImage(image), side, { maxPixels: 1_000_000 }),
    );
    const { bytes } = await cache.get(hash, size);
    expect((await decodeImage(bytes)).width).toBe(side);
    expect((await cache.get(hash, size)).bytes).toEqual(new Uint8Array(bytes));
  });
});
