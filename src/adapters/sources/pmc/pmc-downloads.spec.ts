import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MemoryBlobStore } from '../../../../test/support/memory-blob-store.js';
import { md5Of } from '../../../../test/support/pmc-articles.js';
import { PmcDownloads } from './pmc-downloads.js';

describe('what was downloaded of an article', () => {
  it('is known by a later run where two versions of the article were read at the same time', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'downloads-'));
    const blobs = new MemoryBlobStore();
    const pictures = Array.from({ length: 8 }, (_, at) => Buffer.from(`picture ${at}`));
    let fetched = 0;
    const readAll = async (downloads: PmcDownloads): Promise<void> => {
      const wanted = pictures.map((bytes, at) => {
        const fetch = () => Promise.resolve((fetched++, bytes));
        return downloads.picture({ article: 'PMC1', name: `PMC1.${at + 1}/a.png`, md5: md5Of(bytes) }, fetch);
      });
      await Promise.all(wanted);
      await downloads.sweep();
    };
    await readAll(new PmcDownloads(folder, blobs));
    for (const bytes of pictures) await blobs.put(bytes);
    expect(fetched).toBe(pictures.length);
    await readAll(new PmcDownloads(folder, blobs));
    expect(fetched).toBe(pictures.length);
  });
});
