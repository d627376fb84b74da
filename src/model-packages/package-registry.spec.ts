import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dualEncoderManifest, registryOf, segmenterManifest } from '../../test/support/package-manifests.js';
import { ModelRegistry } from './package-registry.js';

const own = { warning: 'of the user' };

describe('the registry of model packages', () => {
  const shipped = registryOf(
    dualEncoderManifest('starter'),
    segmenterManifest('starter-segmenter'),
    dualEncoderManifest('stray'),
  ).modelsDir;

  it('finds the packages that ship beside those of another folder, and no others of theirs', async () => {
    const registry = new ModelRegistry(registryOf(dualEncoderManifest('mine')).modelsDir, shipped);
    expect((await registry.list()).map(({ name }) => name)).toEqual(['mine', 'starter', 'starter-segmenter']);
    expect((await registry.listOwn()).map(({ name }) => name)).toEqual(['mine']);
    expect(await registry.folderOf('starter')).toBe(path.join(shipped, 'starter'));
    await expect(registry.manifest('stray')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('finds them where the other folder is not there', async () => {
    const registry = new ModelRegistry('/nowhere', shipped);
    expect((await registry.dualEncoder('starter')).name).toBe('starter');
    expect((await registry.segmenterManifest(null)).name).toBe('starter-segmenter');
  });

  it("takes the user's package of the same name", async () => {
    const registry = new ModelRegistry(registryOf(dualEncoderManifest('starter', own)).modelsDir, shipped);
    expect(await registry.list()).toMatchObject([{ name: 'starter', ...own }, { name: 'starter-segmenter' }]);
  });

  it('takes the package that ships where the folder of that name holds no package', async () => {
    const { modelsDir } = registryOf(dualEncoderManifest('mine'));
    mkdirSync(path.join(modelsDir, 'starter'));
    const registry = new ModelRegistry(modelsDir, shipped);
    expect(await registry.folderOf('starter')).toBe(path.join(shipped, 'starter'));
    expect((await registry.list()).map(({ name }) => name)).toEqual(['mine', 'starter', 'starter-segmenter']);
    expect((await registry.listOwn()).map(({ name }) => name)).toEqual(['mine']);
  });
});
