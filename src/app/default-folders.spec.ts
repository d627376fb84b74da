import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { defaultIndexesFolder, defaultModelsFolder, isWritable } from './default-folders.js';

describe('the default folders of indexes and models', () => {
  let root: string;
  const data = '/home/somebody/figures';

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'installed-'));
    for (const name of ['starter', 'starter-segmenter', '.downloads'])
      mkdirSync(path.join(root, 'models', name), { recursive: true });
  });

  it('lie in a package folder that can be written', () => {
    expect(defaultIndexesFolder(root, data)).toBe(path.join(root, 'indexes'));
    expect(defaultModelsFolder(root, data)).toBe(path.join(root, 'models'));
  });

  it('lie in the data folder where the package folder cannot be written', () => {
    expect(defaultIndexesFolder(root, data, () => false)).toBe(path.join(data, 'indexes'));
    expect(defaultModelsFolder(root, data, () => false)).toBe(path.join(data, 'models'));
  });

  it('lie in the data folder where npm installed the package, whose folder it replaces', () => {
    const installed = path.join(root, 'node_modules', 'figseek');
    mkdirSync(path.join(installed, 'models', 'starter'), { recursive: true });
    expect(defaultIndexesFolder(installed, data)).toBe(path.join(data, 'indexes'));
    expect(defaultModelsFolder(installed, data)).toBe(path.join(data, 'models'));
    mkdirSync(path.join(installed, 'models', 'biomedclip'));
    expect(defaultModelsFolder(installed, data)).toBe(path.join(installed, 'models'));
  });

  it('leave packages where they are, also where these cannot be written', () => {
    mkdirSync(path.join(root, 'models', 'biomedclip'));
    expect(defaultModelsFolder(root, data, () => false)).toBe(path.join(root, 'models'));
  });

  it('count a link to a package, and no link that leads nowhere', () => {
    const link = path.join(root, 'models', 'biomedclip');
    symlinkSync(path.join(root, 'nowhere'), link);
    expect(defaultModelsFolder(root, data, () => false)).toBe(path.join(data, 'models'));
    rmSync(link);
    symlinkSync(mkdtempSync(path.join(tmpdir(), 'elsewhere-')), link);
    expect(defaultModelsFolder(root, data, () => false)).toBe(path.join(root, 'models'));
  });

  it('take a folder of models that cannot be listed for one without packages', () => {
    rmSync(path.join(root, 'models'), { recursive: true });
    writeFileSync(path.join(root, 'models'), 'not a folder');
    expect(defaultModelsFolder(root, data)).toBe(path.join(data, 'models'));
  });

  it('tell of a folder that is not there whether it can be made', () => {
    expect(isWritable(path.join(root, 'deep', 'below'))).toBe(true);
    const file = path.join(root, 'file');
    writeFileSync(file, '');
    expect(isWritable(path.join(file, 'below'))).toBe(false);
  });
});
