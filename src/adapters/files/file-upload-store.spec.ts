import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FileUploadStore } from './file-upload-store.js';

describe('UploadFolder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'uploads-'));
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('deletes what has expired at the start, without waiting for an upload', async () => {
    const earlier = new FileUploadStore(folder, 60);
    const [old, young] = [await earlier.put(Buffer.from('old')), await earlier.put(Buffer.from('young'))];
    const longAgo = Date.now() / 1000 - 100;
    utimesSync(path.join(folder, old.id), longAgo, longAgo);
    await new FileUploadStore(folder, 60).startSweeper();
    expect(readdirSync(folder)).toEqual([young.id]);
  });

  it('refuses more than it may hold, until older uploads have expired', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout'], now: Date.now() });
    const uploads = new FileUploadStore(folder, 60, 10);
    const { id } = await uploads.put(Buffer.from('12345678'));
    await expect(uploads.put(Buffer.from('123'))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    jest.setSystemTime(Date.now() + 30_000);
    await uploads.put(Buffer.from('12'));
    jest.setSystemTime(Date.now() + 31_000);
    await uploads.put(Buffer.from('123'));
    expect(existsSync(path.join(folder, id))).toBe(false);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('counts what an earlier server kept', async () => {
    writeFileSync(path.join(folder, 'upl_earlier'), '12345678');
    const uploads = new FileUploadStore(folder, 60, 10);
    await expect(uploads.put(Buffer.from('123'))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('looks at no kept file at an upload', async () => {
    for (let i = 0; i < 20; i++) writeFileSync(path.join(folder, `upl_${i}`), 'x');
    const uploads = new FileUploadStore(folder, 60, 100);
    await uploads.startSweeper();
    // Were they looked at, 20 bytes would be free again.
    for (let i = 0; i < 20; i++) rmSync(path.join(folder, `upl_${i}`));
    await expect(uploads.put(Buffer.alloc(90))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await uploads.put(Buffer.alloc(80));
  });
});
