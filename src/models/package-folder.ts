import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from '../domain/errors.js';

/** Where a package is written until it is whole. */
export function newWorkingFolder(modelsDir: string): string {
  return path.join(modelsDir, `.importing-${process.pid}-${randomUUID()}`);
}

/** The old package stays whole beside the new one until that is in its place; where that fails it is put back. */
export async function putInPlaceOf(target: string, working: string): Promise<void> {
  const replaced = path.join(path.dirname(target), `.replaced-${randomUUID()}`);
  await rename(target, replaced);
  try {
    await rename(working, target);
  } catch (error) {
    await rename(replaced, target);
    throw error;
  }
  await rm(replaced, { recursive: true });
}

/** Deletes what imports that were killed left behind; the name carries the process that wrote it. */
export async function sweepLeftovers(modelsDir: string): Promise<void> {
  for (const name of await readdir(modelsDir).catch(() => [])) {
    const pid = /^\.importing-(\d+)-[0-9a-f-]{36}$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(path.join(modelsDir, name), { recursive: true, force: true });
    }
  }
}

/** Is there such a process, of whatever user? */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return systemCodeOf(error) !== 'ESRCH';
  }
}
