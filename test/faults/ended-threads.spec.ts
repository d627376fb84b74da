import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

interface Report {
  readonly before: readonly string[];
  readonly during: readonly string[];
  readonly after: readonly string[];
}

it('replaces index threads that end: what they held is asked again, and every answer is right', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'threads-'));
  const script = path.join(import.meta.dirname, 'threads-child.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder], { maxBuffer: 2 ** 24 });
  const { before, during, after } = JSON.parse(stdout) as Report;
  expect(new Set(before).size).toBe(before.length);
  expect(after).toEqual(before);
  // A round a thread; each search was under way when the thread ended.
  expect(during.length).toBeGreaterThanOrEqual(before.length);
  expect(during).toEqual(during.map((_, i) => before[i % before.length]));
  rmSync(folder, { recursive: true });
});
