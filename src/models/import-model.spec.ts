import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { repositorySet } from '../../test/golden/golden-sets.js';
import { dualEncoderManifest, registryOf } from '../../test/support/package-manifests.js';
import { localOperator } from '../domain/viewer.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { ImportModel } from './import-model.js';

describe('importing a model', () => {
  const folder = repositorySet('biomedclip').modelFolder();
  const shipped = registryOf(dualEncoderManifest('starter')).modelsDir;
  let modelsDir: string;

  beforeEach(() => {
    modelsDir = mkdtempSync(path.join(tmpdir(), 'models-'));
  });

  function importer(active: string): ImportModel {
    const neverTriedOut = () => {
      throw new Error('A checkpoint of open_clip is not tried out');
    };
    return new ImportModel(new ModelRegistry(modelsDir, shipped), () => Promise.resolve(active), neverTriedOut);
  }

  it('refuses the name of a package that ships, unless it is to be replaced', async () => {
    await expect(importer('starter').run(localOperator, folder, { as: 'starter' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'There is a package starter already; choose another name with --as, or --replace',
    });
    expect(existsSync(path.join(modelsDir, 'starter'))).toBe(false);
    const replacing = { as: 'starter', replace: true };
    expect(await importer('starter').run(localOperator, folder, replacing)).toMatchObject({
      manifest: { name: 'starter' },
      replacesActive: true,
    });
    expect(existsSync(path.join(modelsDir, 'starter', 'model.json'))).toBe(true);
  });

  it('tells a change of the active version from the same version again, and from another name', async () => {
    expect(await importer('mine').run(localOperator, folder, { as: 'other' })).toMatchObject({ replacesActive: false });
    cpSync(path.join(modelsDir, 'other'), path.join(modelsDir, 'mine'), { recursive: true });
    const again = { as: 'mine', replace: true };
    expect(await importer('mine').run(localOperator, folder, again)).toMatchObject({ replacesActive: false });
    const halved = { ...again, precision: 'fp16' } as const;
    expect(await importer('mine').run(localOperator, folder, halved)).toMatchObject({ replacesActive: true });
  });
});
