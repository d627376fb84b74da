import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { folderSize } from './folder-size.js';

/** Ten subfolders with ten files of ten bytes each, and a file beside them. */
function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'folder-size-'));
  writeFileSync(path.join(folder, 'beside'), new Uint8Array(7));
  for (let subfolder = 0; subfolder < 10; subfolder++) {
    const inner = path.join(folder, String(subfolder), 'inner');
    mkdirSync(inner, { recursive: true });
    for (let file = 0; file < 10; file++) writeFileSync(path.join(inner, String(file)), new Uint8Array(10));
  }
  return folder;
}

describe('the size of a folder', () => {
  it('is that of all files below it, or of those in it alone', async () => {
    const folder = newFolder();
    expect(await folderSize(folder)).toEqual({ bytes: 1007, isEstimate: false });
    expect(await folderSize(folder, { below: false })).toEqual({ bytes: 7, isEstimate: false });
  });

  it('is estimated from some subfolders where there are too many files', async () => {
    expect(await folderSize(newFolder(), { maxFiles: 25 })).toEqual({ bytes: 1007, isEstimate: true });
  });

  it('is 0 where there is no folder', async () => {
    expect(await folderSize(path.join(newFolder(), 'none'))).toEqual({ bytes: 0, isEstimate: false });
  });
});
