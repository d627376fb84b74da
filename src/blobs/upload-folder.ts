import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../domain/errors.js';
import { writeDurably } from './durable-file.js';

const idPattern = /^upl_[0-9a-f-]{36}$/;

/** Images that a reader dropped on the page: kept for a while, never served, then deleted. */
export class UploadFolder {
  constructor(
    private readonly folder: string,
    private readonly secondsToLive: number,
  ) {}

  async put(bytes: Uint8Array): Promise<{ id: string; expiresAt: Date }> {
    await this.deleteExpired();
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

  private async deleteExpired(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const file = path.join(this.folder, name);
      const written = await stat(file).catch(() => null);
      if (written !== null && this.isExpired(written.mtimeMs)) await rm(file, { force: true });
    }
  }

  private isExpired(writtenMs: number): boolean {
    return Date.now() - writtenMs > this.secondsToLive * 1000;
  }
}
