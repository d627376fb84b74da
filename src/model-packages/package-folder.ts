import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../platform/is-alive.js';

/** Where a package is written until it is whole. */
export function stagingFolder(modelsDir: string): string {
  return path.join(modelsDir, `.importing-${process.pid}-${randomUUID()}`);
}

/** Where the package that is replaced lies meanwhile; its name can be read back from it. */
export function replacedFolder(target: string): string {
  const { dir, base } = path.parse(target);
  return path.join(dir, `.replaced-${base}-${process.pid}-${randomUUID()}`);
}

/** The old package stays whole beside the new one until that is in its place; where that fails it is put back. */
export async function replaceAtomically(target: string, working: string): Promise<void> {
  const replaced = replacedFolder(target);
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
export async function cleanStaging(modelsDir: string): Promise<void> {
  await recoverInterruptedReplace(modelsDir);
  const names: readonly string[] = await readdir(modelsDir).catch(() => []);
  for (const name of names) {
    const [, replaced, pid] = /^\.(?:importing|replaced-(.+))-(\d+)-[0-9a-f-]{36}$/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // What could not be put back is the only copy.
    if (replaced !== undefined && !names.includes(replaced)) continue;
    await rm(path.join(modelsDir, name), { recursive: true, force: true });
  }
}

/** Puts back a package whose replacement was killed after it had made way and before the new one was in its place. */
export async function recoverInterruptedReplace(modelsDir: string): Promise<void> {
  const names: readonly string[] = await readdir(modelsDir).catch(() => []);
  for (const name of names) {
    const [, replaced, pid] = /^\.replaced-(.+)-(\d+)-[0-9a-f-]{36}$/.exec(name) ?? [];
    if (replaced === undefined || names.includes(replaced) || isAlive(Number(pid))) continue;
    // Another process may have put it back by now; where this one may not, the next import does.
    await rename(path.join(modelsDir, name), path.join(modelsDir, replaced)).catch(() => undefined);
  }
}
