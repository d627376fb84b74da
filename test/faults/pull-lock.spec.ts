import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withProcessLock } from '../../src/platform/file-lock.js';
import { ending } from '../support/figseek-process.js';

describe('the lock of a pull', () => {
  let downloads: string;

  beforeEach(() => {
    downloads = mkdtempSync(path.join(tmpdir(), 'downloads-'));
  });

  afterEach(() => {
    rmSync(downloads, { recursive: true });
  });

  function lockOf(pid: number, model = 'model'): string {
    const file = path.join(downloads, `${model}-${pid}-${randomUUID()}.lock`);
    writeFileSync(file, '');
    return file;
  }

  async function takeInAProcess(): Promise<string> {
    const script = path.join(import.meta.dirname, 'locking-child.js');
    const child = spawn(process.execPath, [script, downloads], { stdio: ['ignore', 'pipe', 'inherit'] });
    return (await ending(child)).stdout;
  }

  it('is had by one process at a time, whoever finds the lock of a dead one first', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    for (let round = 0; round < 4; round++) {
      lockOf(dead);
      const told = await Promise.all(Array.from({ length: 6 }, takeInAProcess));
      expect(told).toContain('held');
      expect(told.filter((one) => one !== 'held' && !/^Process \d+ is pulling the same model/.test(one))).toEqual([]);
      expect(readdirSync(downloads)).toEqual([]);
    }
  });

  it('is refused while another process has it, names that one, and leaves its file alone', async () => {
    const file = lockOf(process.ppid);
    const taken = withProcessLock(downloads, 'model', () => Promise.resolve());
    await expect(taken).rejects.toThrow(`Process ${process.ppid} is pulling the same model`);
    expect(readdirSync(downloads)).toEqual([path.basename(file)]);
  });

  it('is another one for another model, and is given back where the work fails', async () => {
    const file = lockOf(process.ppid, 'model-int8');
    const failing = withProcessLock(downloads, 'model', () => Promise.reject(new Error('disk')));
    await expect(failing).rejects.toThrow('disk');
    expect(readdirSync(downloads)).toEqual([path.basename(file)]);
  });
});
