import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SourceItem } from '../../domain/figure-record.js';
import { readFolder } from './image-folder/folder.js';
import { readImageFile } from './image-file.js';

const nobody = 65_534;

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'source-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Runs `work` as somebody whom file modes bind, also where the tests run as root. */
async function withoutPower<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('what a source may not read', () => {
  it('is a fault of the record where it is an image', async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'locked.png'), 'pixels', { mode: 0o000 });
    await withoutPower(async () => {
      await expect(readImageFile(folder, 'locked.png')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    });
  });

  it('is a fault where it is a folder, and the images of the others are taken', async () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'locked'), { mode: 0o000 });
    writeFileSync(path.join(folder, 'one.png'), 'pixels');
    const items = await withoutPower(async () => {
      const found: SourceItem[] = [];
      for await (const item of readFolder(folder)) found.push(item);
      return found;
    });
    expect(items).toMatchObject([
      { kind: 'fault', sourceKey: 'locked', code: 'BAD_RECORD' },
      { kind: 'record', record: { id: 'one.png' } },
    ]);
  });
});

describe('readImageFile', () => {
  it('reads also where the source lies in the root folder', async () => {
    const file = path.join(newFolder(), 'one.png');
    writeFileSync(file, 'pixels');
    expect(Buffer.from(await readImageFile('/', path.relative('/', file))).toString()).toBe('pixels');
  });

  it('refuses what lies outside, and takes a name that begins with two points', async () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'inner'));
    writeFileSync(path.join(folder, 'secret.png'), 'secret');
    writeFileSync(path.join(folder, 'inner', '..one.png'), 'pixels');
    const inner = path.join(folder, 'inner');
    await expect(readImageFile(inner, '../secret.png')).rejects.toThrow(/outside/);
    expect(Buffer.from(await readImageFile(inner, '..one.png')).toString()).toBe('pixels');
  });
});
