import { mkdtempSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { UploadFolder } from './upload-folder.js';

describe('UploadFolder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'uploads-'));
  });

  function expire(id: string): void {
    const longAgo = Date.now() / 1000 - 100;
    utimesSync(path.join(folder, id), longAgo, longAgo);
  }

  it('deletes what has expired at the start, without waiting for an upload', async () => {
    const uploads = new UploadFolder(folder, 60);
    const old = await uploads.put(Buffer.from('old'));
    const young = await uploads.put(Buffer.from('young'));
    expire(old.id);
    await uploads.keepSwept();
    expect(readdirSync(folder)).toEqual([young.id]);
  });

  it('refuses more than it may hold, until older uploads have expired', async () => {
    const uploads = new UploadFolder(folder, 60, 10);
    const { id } = await uploads.put(Buffer.from('12345678'));
    await expect(uploads.put(Buffer.from('123'))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await uploads.put(Buffer.from('12'));
    expire(id);
    await uploads.put(Buffer.from('123'));
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
