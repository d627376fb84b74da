import { UploadStore } from '../../ports/upload-store.js';
import { randomUUID } from 'node:crypto';
import { opendir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import { writeFileAtomic } from '../../platform/atomic-file.js';

const secondsBetweenSweeps = 600;

const idPattern = /^upl_[0-9a-f-]{36}$/;

interface Kept {
  readonly bytes: number;
  readonly writtenMs: number;
}

/** Images that a reader dropped on the page: kept for a while, never served, then deleted. */
export class FileUploadStore extends UploadStore {
  /** What lies in the folder, oldest first: to look at each file at each upload takes seconds where there are many. */
  private readonly kept = new Map<string, Kept>();
  private storedBytes = 0;
  private scanned: Promise<void> | null = null;

  constructor(
    private readonly folder: string,
    private readonly secondsToLive: number,
    /** Most bytes of all uploads together: nobody may fill the disk with them. */
    private readonly maxBytes = 4 * 1024 ** 3,
  ) {
    super();
  }

  /** Counts what is kept and deletes what has expired, now and then again and again, while the server goes on. */
  startSweeper(): Promise<void> {
    setInterval(() => {
      this.sweep().catch(() => undefined);
    }, secondsBetweenSweeps * 1000).unref();
    return this.scan();
  }

  /** @throws {FigseekError} RATE_LIMITED when too much is kept already */
  async put(bytes: Uint8Array): Promise<{ id: string; expiresAt: Date }> {
    await this.scan();
    await this.sweep();
    if (this.storedBytes + bytes.length > this.maxBytes) {
      throw new FigseekError(
        'RATE_LIMITED',
        `The uploads of the last ${this.secondsToLive} seconds hold ${this.storedBytes} bytes; expected at most ${this.maxBytes}: try again later`,
      );
    }
    const id = `upl_${randomUUID()}`;
    const writtenMs = Date.now();
    // Counted before it is written: others come meanwhile.
    this.count(id, { bytes: bytes.length, writtenMs });
    try {
      await writeFileAtomic(path.join(this.folder, id), bytes);
    } catch (error) {
      this.forget(id);
      throw error;
    }
    return { id, expiresAt: new Date(writtenMs + this.secondsToLive * 1000) };
  }

  /** Of an upload that turned out to be no image. */
  async discard(id: string): Promise<void> {
    this.forget(id);
    await rm(path.join(this.folder, id), { force: true });
  }

  /** @throws {FigseekError} NOT_FOUND when it never was or has expired */
  async get(id: string): Promise<Buffer> {
    return readFile(await this.fileOf(id));
  }

  /** Where it lies. @throws {FigseekError} as `get` */
  async fileOf(id: string): Promise<string> {
    // The id becomes a file name: nothing but our own form may pass.
    if (idPattern.test(id)) {
      const file = path.join(this.folder, id);
      const written = await stat(file).catch(() => null);
      if (written !== null && !this.isExpired(written.mtimeMs)) return file;
    }
    throw new FigseekError(
      'NOT_FOUND',
      `There is no upload ${id.slice(0, 60)}; uploads live ${this.secondsToLive} seconds`,
    );
  }

  /** Once, file by file, so that others are answered meanwhile. */
  private scan(): Promise<void> {
    this.scanned ??= this.scanFolder().catch((error: unknown) => {
      this.scanned = null;
      throw error;
    });
    return this.scanned;
  }

  private async scanFolder(): Promise<void> {
    const folder = await opendir(this.folder).catch(() => null);
    if (folder === null) return;
    const found: [string, Kept][] = [];
    for await (const entry of folder) {
      // Folders of other programs are none of ours.
      if (!entry.isFile()) continue;
      const { name } = entry;
      const file = path.join(this.folder, name);
      const { size: bytes, mtimeMs: writtenMs } = (await stat(file).catch(() => null)) ?? { size: 0, mtimeMs: 0 };
      if (this.isExpired(writtenMs)) await rm(file, { force: true });
      else found.push([name, { bytes, writtenMs }]);
    }
    for (const [name, one] of found.sort(([, a], [, b]) => a.writtenMs - b.writtenMs)) this.count(name, one);
  }

  /** Deletes what has expired: the oldest come first, so that the first one that has not ends the look. */
  private async sweep(): Promise<void> {
    for (const [name, { writtenMs }] of this.kept) {
      if (!this.isExpired(writtenMs)) return;
      this.forget(name);
      await rm(path.join(this.folder, name), { force: true });
    }
  }

  private count(name: string, one: Kept): void {
    this.kept.set(name, one);
    this.storedBytes += one.bytes;
  }

  private forget(name: string): void {
    this.storedBytes -= this.kept.get(name)?.bytes ?? 0;
    this.kept.delete(name);
  }

  private isExpired(writtenMs: number): boolean {
    return Date.now() - writtenMs > this.secondsToLive * 1000;
  }
}
