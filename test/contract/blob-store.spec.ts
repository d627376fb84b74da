import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FileBlobStore } from '../../src/adapters/files/file-blob-store.js';
import { imageHashOf } from '../../src/domain/ids.js';
import type { BlobStore } from '../../src/ports/blob-store.js';
import { MemoryBlobStore } from '../support/memory-blob-store.js';

const [image, other] = [Uint8Array.of(1, 2, 3), Uint8Array.of(3, 2, 1)];

describe.each<[string, () => BlobStore]>([
  ['files', () => new FileBlobStore(mkdtempSync(path.join(tmpdir(), 'blobs-')))],
  ['memory', () => new MemoryBlobStore()],
])('a blob store in %s', (_where, open) => {
  it('keeps images by their hash, equal ones once', async () => {
    const store = open();
    const hash = await store.put(image);
    expect(hash).toBe(imageHashOf(image));
    expect(await store.put(Uint8Array.from(image))).toBe(hash);
    expect(await store.put(other)).not.toBe(hash);
    expect(Uint8Array.from(await store.get(hash))).toEqual(image);
    expect([await store.has(hash), await store.has(imageHashOf(Uint8Array.of(9)))]).toEqual([true, false]);
    expect(store.fileOf(hash)).toEqual({ file: expect.stringContaining(hash), hash });
  });

  it('keeps the bytes as they were given, whatever becomes of the array', async () => {
    const [store, bytes] = [open(), Uint8Array.from(image)];
    const hash = await store.put(bytes);
    bytes.fill(0);
    expect(Uint8Array.from(await store.get(hash))).toEqual(image);
  });

  it('gives the first bytes of an image, and nothing of one that is missing', async () => {
    const store = open();
    const hash = await store.put(image);
    expect(Uint8Array.from((await store.start(hash, 2)) ?? [])).toEqual(Uint8Array.of(1, 2));
    expect(Uint8Array.from((await store.start(hash, 20)) ?? [])).toEqual(image);
    expect(await store.start(imageHashOf(Uint8Array.of(9)), 2)).toBeNull();
  });

  it('removes an image, also twice, and names one that is missing', async () => {
    const store = open();
    const hash = await store.put(image);
    for (let i = 0; i < 2; i++) await store.remove(hash);
    expect(await store.has(hash)).toBe(false);
    await expect(store.get(hash)).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: expect.stringContaining(hash),
    });
  });

  it('keeps an image that somebody has just put, also again, where older ones are to be removed', async () => {
    const store = open();
    const hash = await store.put(image);
    await store.put(image);
    await store.remove(hash, 60_000);
    expect(await store.has(hash)).toBe(true);
    await store.remove(hash, 0);
    expect(await store.has(hash)).toBe(false);
  });

  it('takes the same image from many at once', async () => {
    const store = open();
    const hashes = await Promise.all(Array.from({ length: 20 }, () => store.put(image)));
    expect(new Set(hashes).size).toBe(1);
    expect(Uint8Array.from(await store.get(imageHashOf(image)))).toEqual(image);
  });
});
