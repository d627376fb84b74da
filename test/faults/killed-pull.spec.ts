import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drawnBytes, randomFrom } from './drawn-bytes.js';
import { sha256 } from './hub-content.js';
import { HubServer } from './hub-server.js';

const interruptions = 20;
const bytes = drawnBytes(8_000_000, 5);

interface Run {
  /** What had arrived when the run began to fetch: what the runs before it had left. */
  readonly resumedAt: number;
  readonly isDone: boolean;
}

/** Runs the child until so many bytes have arrived, and kills it then; Infinity lets it run to its end. */
async function runUntil(url: string, target: string, killAt: number): Promise<Run> {
  const script = path.join(import.meta.dirname, 'pulling-child.js');
  const args = [script, url, target, '1000000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      const received = Number(told.trim().split('\n').at(-1));
      if (received >= killAt) child.kill('SIGKILL');
    });
    child.on('close', () => {
      resolve();
    });
  });
  return { resumedAt: Number(told.split('\n')[0]), isDone: told.endsWith('done\n') };
}

describe('a pull that is interrupted', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pulls-'));
  let server: HubServer;

  beforeAll(async () => {
    server = await HubServer.start({ 'owner/model': { files: { 'weights.bin': { bytes, lfs: true } } } });
    // Slow enough that a kill comes before the end.
    server.pace = { bytes: 4000, pauseMs: 10 };
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it(`goes on after ${interruptions} kills -9 and dropped connections at random, and ends with the right hash`, async () => {
    const target = path.join(folder, 'weights.bin');
    const random = randomFrom(20);
    let resumedAt = 0;
    for (let i = 0; i < interruptions; i++) {
      // Also connections that break by themselves, between the kills.
      if (i % 3 === 0) server.fail('weights.bin', { kind: 'drop', after: Math.floor(random() * 50_000) });
      const killAt = resumedAt + Math.floor(random() * 150_000);
      const run = await runUntil(server.url, target, killAt);
      expect(run.isDone).toBe(false);
      // What was saved stays: a run never begins before the one before it.
      expect(run.resumedAt).toBeGreaterThanOrEqual(resumedAt);
      resumedAt = run.resumedAt;
    }
    expect(resumedAt).toBeGreaterThan(200_000);
    server.pace = null;
    expect((await runUntil(server.url, target, Infinity)).isDone).toBe(true);
    expect(sha256(readFileSync(target))).toBe(sha256(bytes));
    expect(readdirSync(folder)).toEqual(['weights.bin']);
  });
});
