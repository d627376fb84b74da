import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { defaultFolders, isWritable } from './default-folders.js';

describe('the default folders of indexes and models', () => {
  let root: string;
  const data = '/home/somebody/figures';

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'installed-'));
    for (const name of ['starter', 'starter-segmenter', '.downloads'])
      mkdirSync(path.join(root, 'models', name), { recursive: true });
  });

  it('lie in a package folder that can be written', () => {
    expect(defaultFolders(root, data)).toEqual({
      indexes: path.join(root, 'indexes'),
      models: path.join(root, 'models'),
    });
  });

  it('lie in the data folder where the package folder cannot be written', () => {
    expect(defaultFolders(root, data, () => false)).toEqual({
      indexes: path.join(data, 'indexes'),
      models: path.join(data, 'models'),
    });
  });

  it('leave packages where they are, also where these cannot be written', () => {
    mkdirSync(path.join(root, 'models', 'biomedclip'));
    expect(defaultFolders(root, data, () => false)).toEqual({
      indexes: path.join(data, 'indexes'),
      models: path.join(root, 'models'),
    });
  });

  it('tell of a folder that is not there whether it can be made', () => {
    expect(isWritable(path.join(root, 'deep', 'below'))).toBe(true);
    const file = path.join(root, 'file');
    writeFileSync(file, '');
    expect(isWritable(path.join(file, 'below'))).toBe(false);
  });
});
