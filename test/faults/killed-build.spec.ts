import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { drawnVector, space } from '../support/drawn-figures.js';
import { openVectors } from '../support/sqlite-vectors.js';

const kills = 50;

/** How long the child takes on this machine, now, to store, build, delete and build again. */
async function cycleMs(folder: string): Promise<number> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'building-child.js'), folder, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  let readyAt = 0;
  const ms = await new Promise<number>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (told === '') readyAt = performance.now();
      told += chunk.toString();
      // The second line of this kind ends the first cycle.
      if (told.split('stored').length > 2) resolve(performance.now() - readyAt);
    });
  });
  child.kill('SIGKILL');
  await once(child, 'close');
  return ms;
}

/** Runs the child until `delayMs` after it is ready, kills it, and says what it had told its client by then. */
async function killAfter(folder: string, first: number, delayMs: number): Promise<string> {
  const script = path.join(import.meta.dirname, 'building-child.js');
  const child = spawn(process.execPath, [script, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (told === '') setTimeout(() => child.kill('SIGKILL'), delayMs);
      told += chunk.toString();
    });
    child.on('close', () => {
      resolve();
    });
  });
  return told;
}

it('gives right answers after kill -9 at fifty moments of storing, building, publishing and deleting', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'killed-'));
  const alive = new Set<number>();
  const deleted = new Set<number>();
  let first = 0;
  const cycle = await cycleMs(mkdtempSync(path.join(tmpdir(), 'cycle-')));
  for (let kill = 0; kill < kills; kill++) {
    // Spread over the whole cycle of the child, at the same shares of it in every run.
    const told = await killAfter(folder, first, (((kill * 37) % 260) / 200) * cycle);
    for (const [, what, number] of told.matchAll(/(stored|deleted) (\d+)\n/g)) {
      if (what === 'deleted') {
        deleted.add(Number(number));
        alive.delete(Number(number));
      } else {
        for (let i = Number(number) - 40; i < Number(number); i++) alive.add(i);
      }
    }
    first += 4000;

    const problems: string[] = [];
    const database = await Database.open(path.join(folder, 'data'));
    const vectors = openVectors(database, space, {
      home: path.join(folder, 'indexes'),
      engine: 'hnsw',
      onProblem: (problem) => problems.push(problem),
    });
    const asked = [...[...alive].slice(-6), ...[...alive].slice(0, 3), ...[...deleted].slice(-3)];
    for (const number of asked) {
      const found = await vectors.search('IMAGE', drawnVector(number), { k: 5 });
      const exact = await vectors.search('IMAGE', drawnVector(number), { k: 5, exact: true });
      expect(found.panels[0]).toEqual(exact.panels[0]);
      const itself = panelIdOf(figureIdOf(`figure-${number}`), 0);
      expect({ number, found: found.panels[0]?.panelId === itself }).toEqual({ number, found: !deleted.has(number) });
    }
    expect(problems).toEqual([]);
    await vectors.close();
    await database.close();
  }
  expect(alive.size).toBeGreaterThan(0);
  // Nothing is left of the builds that were cut off, once another one has run.
  const last = await killAfter(folder, first, Math.max(1500, 4 * cycle));
  expect(last).toContain('deleted');
  expect(
    readdirSync(path.join(folder, 'indexes'), { recursive: true }).filter((name) => String(name).includes('.building'))
      .length,
  ).toBeLessThanOrEqual(12);
  rmSync(folder, { recursive: true });
}, 900_000);
