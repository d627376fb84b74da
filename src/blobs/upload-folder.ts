import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../domain/errors.js';
import { writeDurably } from './durable-file.js';

const secondsBetweenSweeps = 600;

const idPattern = /^upl_[0-9a-f-]{36}$/;

/** Images that a reader dropped on the page: kept for a while, never served, then deleted. */
export class UploadFolder {
  constructor(
    private readonly folder: string,
    private readonly secondsToLive: number,
    /** Most bytes of all uploads together: nobody may fill the disk with them. */
    private readonly mostBytes = 4 * 1024 ** 3,
  ) {}

  /** Deletes what has expired, now and then again and again; the timer keeps no process alive. */
  async keepSwept(): Promise<void> {
    setInterval(() => {
      this.sweep().catch(() => undefined);
    }, secondsBetweenSweeps * 1000).unref();
    await this.sweep();
  }

  /** @throws {FigseekError} RATE_LIMITED when too much is kept already */
  async put(bytes: Uint8Array): Promise<{ id: string; expiresAt: Date }> {
    const kept = await this.sweep();
    if (kept + bytes.length > this.mostBytes) {
      throw new FigseekError(
        'RATE_LIMITED',
        `The uploads of the last ${this.secondsToLive} seconds hold ${kept} bytes; expected at most ${this.mostBytes}: try again later`,
      );
    }
    const id = `upl_${randomUUID()}`;
    await writeDurably(path.join(this.folder, id), bytes);
    return { id, expiresAt: new Date(Date.now() + this.secondsToLive * 1000) };
  }

  /** @throws {FigseekError} NOT_FOUND when it never was or has expired */
  async get(id: string): Promise<Buffer> {
    // The id becomes a file name: nothing but our own form may pass.
    if (idPattern.test(id)) {
      const file = path.join(this.folder, id);
      const written = await stat(file).catch(() => null);
      if (written !== null && !this.isExpired(written.mtimeMs)) return readFile(file);
    }
    throw new FigseekError(
      'NOT_FOUND',
      `There is no upload ${id.slice(0, 60)}; uploads live ${this.secondsToLive} seconds`,
    );
  }

  /** Deletes what has expired. @returns bytes of what is left */
  private async sweep(): Promise<number> {
    let kept = 0;
    for (const name of await readdir(this.folder).catch(() => [])) {
      const file = path.join(this.folder, name);
      const found = await stat(file).catch(() => null);
      if (found === null) continue;
      if (this.isExpired(found.mtimeMs)) await rm(file, { force: true });
      else kept += found.size;
    }
    return kept;
  }

  private isExpired(writtenMs: number): boolean {
    return Date.now() - writtenMs > this.secondsToLive * 1000;
  }
}
