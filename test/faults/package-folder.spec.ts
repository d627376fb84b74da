import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  stagingFolder,
  replaceAtomically,
  replacedFolder,
  cleanStaging,
} from '../../src/model-packages/package-folder.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';

describe('the folder of model packages', () => {
  let modelsDir: string;
  let registry: ModelRegistry;

  beforeEach(() => {
    modelsDir = mkdtempSync(path.join(tmpdir(), 'models-'));
    registry = new ModelRegistry(modelsDir);
  });

  it('loses what a killed import left behind, and nothing of one that runs', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const running = stagingFolder(modelsDir);
    mkdirSync(running);
    mkdirSync(path.join(modelsDir, 'starter'));
    mkdirSync(path.join(modelsDir, `.importing-${dead}-${randomUUID()}`));
    await cleanStaging(modelsDir);
    expect(readdirSync(modelsDir)).toEqual([path.basename(running), 'starter']);
  });

  /** Leaves the package as a kill -9 between the two renames of a replacement does. */
  function killWhileReplacing(name: string): void {
    const target = path.join(modelsDir, name);
    const script = `
      import { renameSync } from 'node:fs';
      import { replacedFolder } from ${JSON.stringify(import.meta.resolve('../../src/model-packages/package-folder.js'))};
      renameSync(${JSON.stringify(target)}, replacedFolder(${JSON.stringify(target)}));
      process.kill(process.pid, 'SIGKILL');`;
    spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
  }

  it('gets a package back that a killed replacement had moved away, at the next import', async () => {
    mkdirSync(path.join(modelsDir, 'my-model-2'));
    killWhileReplacing('my-model-2');
    expect(readdirSync(modelsDir)).toEqual([expect.stringMatching(/^\.replaced-my-model-2-\d+-/)]);
    await cleanStaging(modelsDir);
    expect(readdirSync(modelsDir)).toEqual(['my-model-2']);
  });

  it('gets such a package back also when models are listed or one is loaded', async () => {
    for (const look of [() => registry.list(), () => registry.manifest('starter')]) {
      cpSync(path.resolve(import.meta.dirname, '../../../models/starter'), path.join(modelsDir, 'starter'), {
        recursive: true,
      });
      killWhileReplacing('starter');
      expect(existsSync(path.join(modelsDir, 'starter'))).toBe(false);
      expect(JSON.stringify(await look())).toContain('"name":"starter"');
      rmSync(path.join(modelsDir, 'starter'), { recursive: true });
    }
  });

  it('loses the old package where the new one is in its place, and nothing while the replacement runs', async () => {
    mkdirSync(path.join(modelsDir, 'starter'));
    killWhileReplacing('starter');
    mkdirSync(path.join(modelsDir, 'starter'));
    const running = replacedFolder(path.join(modelsDir, 'other'));
    mkdirSync(running);
    await cleanStaging(modelsDir);
    expect(readdirSync(modelsDir).sort()).toEqual([path.basename(running), 'starter']);
  });

  it('gets the old package back where the new one cannot take its place', async () => {
    const target = path.join(modelsDir, 'starter');
    mkdirSync(target);
    writeFileSync(path.join(target, 'model.json'), 'old');
    await expect(replaceAtomically(target, stagingFolder(modelsDir))).rejects.toThrow(/ENOENT/);
    expect(readFileSync(path.join(target, 'model.json'), 'utf8')).toBe('old');
    expect(readdirSync(modelsDir)).toEqual(['starter']);
  });
});
