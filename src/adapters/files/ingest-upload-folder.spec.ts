import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IngestUploadFolder } from './ingest-upload-folder.js';

const maxBytes = 1000;

async function* bytes(count: number): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(count));
}

function open(folder = mkdtempSync(path.join(tmpdir(), 'ingest-uploads-'))) {
  const uploads = new IngestUploadFolder(folder, { maxBytes, secondsToLive: 60 }, () => false);
  return { folder, uploads };
}

/** How many bytes may still come: found by what is taken, one upload after another. */
async function hasRoomFor(uploads: IngestUploadFolder, count: number): Promise<boolean> {
  const sent = await uploads.receive(null, 'probe', bytes(count)).catch(() => null);
  if (sent !== null) await uploads.remove(sent.uploadId);
  return sent !== null;
}

function makeOld(place: string): void {
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(place, long, long);
}

describe('the folder of files that wait for an ingest', () => {
  it('gives back exactly what was deleted, replaced, or not taken', async () => {
    const { uploads } = open();
    const { uploadId } = await uploads.receive(null, 'a/one', bytes(300));
    await uploads.receive(uploadId, 'a/two', bytes(300));
    await uploads.receive(uploadId, 'a/one', bytes(200));
    await expect(uploads.receive(uploadId, 'three', bytes(501))).rejects.toMatchObject({
      code: 'INSUFFICIENT_STORAGE',
    });
    expect([await hasRoomFor(uploads, 501), await hasRoomFor(uploads, 500)]).toEqual([false, true]);
    await Promise.all([uploads.remove(uploadId), uploads.remove(uploadId)]);
    expect([await hasRoomFor(uploads, 1001), await hasRoomFor(uploads, 1000)]).toEqual([false, true]);
  });

  it('counts right while uploads come and go at once', async () => {
    const { uploads } = open();
    const turns = Array.from({ length: 40 }, async (_, turn) => {
      const { uploadId } = await uploads.receive(null, 'file', bytes(turn));
      await uploads.remove(uploadId);
    });
    await Promise.all(turns);
    expect([await hasRoomFor(uploads, 1001), await hasRoomFor(uploads, 1000)]).toEqual([false, true]);
  });

  it('deletes at the start what has expired, also what an earlier process left unfinished, and gives it back', async () => {
    const { folder } = open();
    const expired = path.join(folder, 'ing_00000000-0000-4000-8000-000000000000');
    const part = path.join(folder, '.receiving', 'part');
    for (const one of [expired, path.dirname(part)]) mkdirSync(one);
    for (const file of [path.join(expired, 'file'), part]) {
      writeFileSync(file, new Uint8Array(400));
      makeOld(file);
    }
    makeOld(expired);
    const { uploads } = open(folder);
    expect(await hasRoomFor(uploads, 201)).toBe(false);
    await uploads.startSweeper();
    expect([existsSync(expired), existsSync(part)]).toEqual([false, false]);
    expect([await hasRoomFor(uploads, 1001), await hasRoomFor(uploads, 1000)]).toEqual([false, true]);
  });

  it('keeps what is held', async () => {
    const { folder, uploads } = open();
    const { uploadId } = await uploads.receive(null, 'file', bytes(1));
    uploads.hold(uploadId);
    await uploads.remove(uploadId);
    expect(readdirSync(path.join(folder, uploadId))).toEqual(['file']);
    await uploads.release(uploadId);
    await uploads.remove(uploadId);
    await expect(uploads.sourceOf(uploadId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps what was in use for long when its server was killed, and deletes what nobody used', async () => {
    const { folder, uploads } = open();
    const [used, left] = [await uploads.receive(null, 'used', bytes(1)), await uploads.receive(null, 'left', bytes(1))];
    uploads.hold(used.uploadId);
    for (const { uploadId } of [used, left]) makeOld(path.join(folder, uploadId));
    await uploads.startSweeper();
    // As after a kill: nothing was released.
    await open(folder).uploads.startSweeper();
    expect([used, left].map(({ uploadId }) => existsSync(path.join(folder, uploadId)))).toEqual([true, false]);
  });

  it('refuses a name that is longer than a file system takes', async () => {
    const { uploads } = open();
    const name = Array.from({ length: 8 }, () => 'x'.repeat(190)).join('/');
    await expect(uploads.receive(null, name, bytes(1))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('says that its folder cannot be written', async () => {
    const { folder } = open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in the place of the folder');
    const { uploads } = open(folder);
    for (let i = 0; i < 3; i++) {
      await expect(uploads.receive(null, 'a.png', bytes(1))).rejects.toMatchObject({
        code: 'INSUFFICIENT_STORAGE',
        message: `Expected to write to the folder ${folder} but the system refuses it (ENOTDIR): give the server the right to write there`,
      });
    }
  });

  it('tells a file in the place of a folder of one upload', async () => {
    const { uploads } = open();
    const { uploadId } = await uploads.receive(null, 'a.png', bytes(1));
    await expect(uploads.receive(uploadId, 'a.png/b.png', bytes(1))).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
