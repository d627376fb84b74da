import { stat } from 'node:fs/promises';
import { FigseekError } from '../../domain/errors.js';

/**
 * Which file a path named when it was opened. A file that is removed or moved stays open and takes every write, and all
 * of them are lost with the process.
 */
export class FileIdentity {
  private constructor(
    private readonly file: string,
    private readonly seen: string,
  ) {}

  static async of(file: string): Promise<FileIdentity> {
    return new FileIdentity(file, (await identityOf(file)) ?? '');
  }

  /** @throws {FigseekError} DATABASE_UNAVAILABLE where the path names no file any more, or another one */
  async check(): Promise<void> {
    const found = await identityOf(this.file);
    if (found === this.seen) return;
    const what = found === null ? 'is not there any more' : 'is another file than the one that was opened';
    throw new FigseekError(
      'DATABASE_UNAVAILABLE',
      `Expected the database that this process opened but ${this.file} ${what}, so nothing can be kept: put it back, or end the process and start it with the folder where it is now (--data)`,
    );
  }
}

async function identityOf(file: string): Promise<string | null> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.dev}:${found.ino}`;
}
