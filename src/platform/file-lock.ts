import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FigseekError } from '../domain/errors.js';
import { isAlive } from './is-alive.js';

/** Of two that announce themselves at the same moment both step back, each for another while. */
const attempts = 5;
const maxPauseMs = 200;

/**
 * Keeps two processes from fetching, importing and removing the same files. Each announces itself by an empty file
 * whose name carries its process, and only then looks for others: of two, the one that looks later sees the other. No
 * name comes twice, so what a killed process left can be deleted without ever hitting the lock of another one.
 * @param doing what the other process does, for the message
 * @throws {FigseekError} CONFLICT naming the process that holds it
 */
export async function withProcessLock<Result>(
  downloads: string,
  model: string,
  work: () => Promise<Result>,
  doing = 'is pulling the same model',
): Promise<Result> {
  await mkdir(downloads, { recursive: true });
  const own = `${model}-${process.pid}-${randomUUID()}.lock`;
  const file = path.join(downloads, own);
  try {
    await announce(downloads, model, own, doing);
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function announce(downloads: string, model: string, own: string, doing: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await writeFile(path.join(downloads, own), '', { flag: 'wx' });
    const other = await otherHolder(downloads, model, own);
    if (other === null) return;
    await rm(path.join(downloads, own));
    if (attempt === attempts) {
      const fix = `wait for it (if it is something else, delete ${path.join(downloads, other.name)})`;
      throw new FigseekError('CONFLICT', `Process ${other.pid} ${doing}; ${fix}`);
    }
    await sleep(Math.random() * maxPauseMs);
  }
}

async function otherHolder(
  downloads: string,
  model: string,
  own: string,
): Promise<{ readonly name: string; readonly pid: number } | null> {
  for (const name of await readdir(downloads)) {
    const [, of, digits] = /^(.+)-(\d+)-[0-9a-f-]{36}\.lock$/.exec(name) ?? [];
    if (of !== model || name === own) continue;
    const pid = Number(digits);
    // In a container every run may have the same number: it is not this one, so it is gone.
    if (pid !== process.pid && isAlive(pid)) return { name, pid };
    await rm(path.join(downloads, name), { force: true });
  }
  return null;
}
