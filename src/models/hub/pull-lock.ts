import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError, systemCodeOf } from '../../domain/errors.js';
import { isAlive } from '../package-folder.js';

/**
 * Keeps two pulls from writing one file. A pull that was killed leaves its lock: that of a process that is gone is
 * taken over.
 * @returns what gives the lock back
 * @throws {FigseekError} CONFLICT naming the process that holds it
 */
export async function lockPull(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'pull.lock');
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new FigseekError(
        'CONFLICT',
        `Process ${holder} is pulling the same model; wait for it (if it is something else, delete ${file})`,
      );
    }
    await rm(file, { force: true });
  }
}
