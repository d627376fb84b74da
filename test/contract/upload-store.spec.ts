import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FileUploadStore } from '../../src/adapters/files/file-upload-store.js';
import type { UploadStore } from '../../src/ports/upload-store.js';
import { MemoryUploadStore } from '../support/memory-upload-store.js';

const image = Uint8Array.of(1, 2, 3);

describe.each<[string, (maxBytes: number) => UploadStore]>([
  ['files', (maxBytes) => new FileUploadStore(mkdtempSync(path.join(tmpdir(), 'uploads-')), 3600, maxBytes)],
  ['memory', (maxBytes) => new MemoryUploadStore(maxBytes)],
])('an upload store in %s', (_where, open) => {
  it('keeps each upload under an id of its own', async () => {
    const store = open(1000);
    const [one, two] = [await store.put(image), await store.put(image)];
    expect(one.id).not.toBe(two.id);
    expect(one.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect(Uint8Array.from(await store.get(one.id))).toEqual(image);
    expect(await store.fileOf(two.id)).toContain(two.id);
  });

  it('forgets what is discarded, and knows no other id', async () => {
    const store = open(1000);
    const { id } = await store.put(image);
    await store.discard(id);
    for (const absent of [id, 'upl_00000000-0000-0000-0000-000000000000', '../passwd', '']) {
      await expect(store.get(absent)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(store.fileOf(absent)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('refuses more bytes than it may keep, and takes others when there is room again', async () => {
    const store = open(7);
    const first = await store.put(image);
    await store.put(image);
    await expect(store.put(image)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await store.discard(first.id);
    await expect(store.put(image)).resolves.toMatchObject({ id: expect.stringMatching(/^upl_/) });
  });
});
