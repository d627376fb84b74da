import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileBlobStore } from './file-blob-store.js';

describe('BlobFolder', () => {
  it('keeps equal bytes once and gives them back', async () => {
    const blobs = new FileBlobStore(mkdtempSync(path.join(tmpdir(), 'blobs-')));
    const hash = await blobs.put(Buffer.from('pixels'));
    expect(await blobs.put(Buffer.from('pixels'))).toBe(hash);
    expect((await blobs.get(hash)).toString()).toBe('pixels');
  });

  it('refuses bytes that changed on disk, and says what to do', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'blobs-'));
    const blobs = new FileBlobStore(folder);
    const hash = await blobs.put(Buffer.from('pixels'));
    writeFileSync(path.join(folder, hash.slice(0, 2), hash), 'pixelz');
    await expect(blobs.get(hash)).rejects.toThrow(/damaged; delete it and ingest again/);
  });
});
