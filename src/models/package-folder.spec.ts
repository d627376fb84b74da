import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { newWorkingFolder, putInPlaceOf, sweepLeftovers } from './package-folder.js';

describe('the folder of model packages', () => {
  let modelsDir: string;

  beforeEach(() => {
    modelsDir = mkdtempSync(path.join(tmpdir(), 'models-'));
  });

  it('loses what a killed import left behind, and nothing of one that runs', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const running = newWorkingFolder(modelsDir);
    mkdirSync(running);
    mkdirSync(path.join(modelsDir, 'starter'));
    mkdirSync(path.join(modelsDir, `.importing-${dead}-${randomUUID()}`));
    await sweepLeftovers(modelsDir);
    expect(readdirSync(modelsDir)).toEqual([path.basename(running), 'starter']);
  });

  it('gets the old package back where the new one cannot take its place', async () => {
    const target = path.join(modelsDir, 'starter');
    mkdirSync(target);
    writeFileSync(path.join(target, 'model.json'), 'old');
    await expect(putInPlaceOf(target, newWorkingFolder(modelsDir))).rejects.toThrow(/ENOENT/);
    expect(readFileSync(path.join(target, 'model.json'), 'utf8')).toBe('old');
    expect(readdirSync(modelsDir)).toEqual(['starter']);
  });
});
