import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FigseekError } from '../../domain/errors.js';
import { partsOf } from './upload-names.js';
import { namedWriteFault } from '../../domain/storage-fault.js';

const secondsBetweenSweeps = 600;
const idPattern = /^ing_[0-9a-f-]{36}$/;
/** Each takes a place in the file system, however few bytes it has. */
const maxFiles = 100_000;
/** Where files are written until they are whole: never read by an ingest. */
const unfinished = '.receiving';

/** Files that people send to be taken into the corpus: a folder for each upload, kept until its ingest is done, or for a while. */
export class IngestUploadFolder {
  /** Uploads, and parts that are being written, with how often each is held. */
  private readonly inUse = new Map<string, number>();
  private stored = { bytes: 0, files: 0 };
  private counted: Promise<void> | null = null;

  /** @param isImage by its name: a single image is read as a folder of images */
  constructor(
    private readonly folder: string,
    private readonly limits: {
      /** Of all uploads together; 0: none are taken. */
      readonly maxBytes: number;
      readonly secondsToLive: number;
    },
    private readonly isImage: (name: string) => boolean,
  ) {}

  /** Deletes what has expired, now and then again and again. */
  startSweeper(): Promise<void> {
    setInterval(() => {
      this.sweep().catch(() => undefined);
    }, secondsBetweenSweeps * 1000).unref();
    return this.sweep();
  }

  /**
   * Keeps a file; one of the same name in the same upload is replaced.
   * @param uploadId of an upload that was begun by an earlier file; null begins one
   * @param name path in the upload, with `/` between folders
   * @throws {FigseekError} BAD_USER_INPUT, NOT_FOUND, PAYLOAD_TOO_LARGE, INSUFFICIENT_STORAGE
   */
  async receive(
    uploadId: string | null,
    name: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ uploadId: string; name: string; bytes: number }> {
    const parts = partsOf(name);
    const id = uploadId ?? `ing_${randomUUID()}`;
    // First of all: else it could be deleted between the look for it and the file.
    this.hold(id);
    const part = randomUUID();
    this.hold(part);
    const temporary = path.join(this.folder, unfinished, part);
    const written = { bytes: 0, files: 0 };
    try {
      if (uploadId !== null) await this.expect(uploadId);
      await this.count();
      await mkdir(path.dirname(temporary), { recursive: true });
      await this.write(temporary, content, written);
      await this.place(temporary, path.join(this.folder, id, ...parts)).catch((error: unknown) => {
        throw clashOf(error, name) ?? error;
      });
      return { uploadId: id, name: parts.join('/'), bytes: written.bytes };
    } catch (error) {
      // That it cannot be deleted either is not why.
      await rm(temporary, { force: true }).catch(() => undefined);
      this.add(-written.bytes, -written.files);
      throw namedWriteFault(error, this.folder);
    } finally {
      this.inUse.delete(part);
      await this.release(id);
    }
  }

  /**
   * What an ingest reads of an upload: its only file or folder where it has one only, and else the folder of all.
   * @throws {FigseekError} NOT_FOUND
   */
  async sourceOf(uploadId: string): Promise<string> {
    await this.expect(uploadId);
    const folder = path.join(this.folder, uploadId);
    const [only, ...others] = await readdir(folder);
    if (only === undefined || others.length > 0 || this.isImage(only)) return folder;
    return path.join(folder, only);
  }

  /** The upload that a path lies in; null where it is of none, or not there any more. */
  async idOf(source: string): Promise<string | null> {
    const [id = ''] = path.relative(this.folder, source).split(path.sep);
    if (!idPattern.test(id)) return null;
    return (await stat(source).catch(() => null)) === null ? null : id;
  }

  /** From now on it is not deleted, until it is released as often as it was held. */
  hold(uploadId: string): void {
    this.inUse.set(uploadId, (this.inUse.get(uploadId) ?? 0) + 1);
  }

  /** Lets it go; it lives on for a while from now. */
  async release(uploadId: string): Promise<void> {
    const holders = (this.inUse.get(uploadId) ?? 1) - 1;
    if (holders > 0) this.inUse.set(uploadId, holders);
    else this.inUse.delete(uploadId);
    if (idPattern.test(uploadId)) await touch(path.join(this.folder, uploadId));
  }

  /** Deletes an upload, unless something else uses it. */
  async remove(uploadId: string): Promise<void> {
    if (!idPattern.test(uploadId) || this.inUse.has(uploadId)) return;
    // Nobody else deletes it meanwhile: what it takes would be given back twice.
    this.hold(uploadId);
    try {
      await this.delete(path.join(this.folder, uploadId));
    } finally {
      await this.release(uploadId);
    }
  }

  private async expect(uploadId: string): Promise<void> {
    // The id becomes the name of a folder: nothing but our own form may pass.
    const found = idPattern.test(uploadId) ? await stat(path.join(this.folder, uploadId)).catch(() => null) : null;
    if (found !== null) return;
    const told = `There is no upload ${uploadId.slice(0, 60)}`;
    throw new FigseekError(
      'NOT_FOUND',
      `${told}; files that nothing is done with are kept ${this.limits.secondsToLive} seconds`,
    );
  }

  private async place(temporary: string, file: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const before = await stat(file).catch(() => null);
    await rename(temporary, file);
    if (before !== null) this.add(-before.size, -1);
  }

  /** @param written what was counted of it */
  private async write(
    file: string,
    content: AsyncIterable<Uint8Array>,
    written: { bytes: number; files: number },
  ): Promise<void> {
    const take = (bytes: number, files: number): void => {
      written.bytes += bytes;
      written.files += files;
      this.add(bytes, files);
    };
    take(0, 1);
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        take(chunk.length, 0);
        yield chunk;
      }
    }
    await pipeline(counted(), createWriteStream(file, { flags: 'wx', flush: true }));
  }

  /** @throws {FigseekError} INSUFFICIENT_STORAGE where that is more than may be kept */
  private add(bytes: number, files: number): void {
    this.stored = { bytes: this.stored.bytes + bytes, files: this.stored.files + files };
    if (bytes <= 0 && files <= 0) return;
    if (this.stored.bytes <= this.limits.maxBytes && this.stored.files <= maxFiles) return;
    const most = `at most ${this.limits.maxBytes} bytes (FIGSEEK_MAX_INGEST_UPLOAD_BYTES) in ${maxFiles} files`;
    throw new FigseekError(
      'INSUFFICIENT_STORAGE',
      `Expected ${most} that wait for an ingest, of all uploads together; begin the ingest of what is there, or ingest a folder of the server's machine`,
    );
  }

  /** Counts what is there, once: from then on all that comes and goes is counted. */
  private count(): Promise<void> {
    this.counted ??= sizeOf(this.folder).then(
      (size) => {
        this.stored = size;
      },
      (error: unknown) => {
        this.counted = null;
        throw error;
      },
    );
    return this.counted;
  }

  /** Deletes a file or a folder, and gives back what it took. */
  private async delete(place: string): Promise<void> {
    await this.count();
    const { bytes, files } = await sizeOf(place);
    await rm(place, { recursive: true, force: true });
    this.add(-bytes, -files);
  }

  private async sweep(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const file = path.join(this.folder, name);
      if (this.inUse.has(name)) {
        // Where the server is killed meanwhile, the next one keeps it for a while as well.
        await touch(file);
        continue;
      }
      if (idPattern.test(name) && (await this.isExpired(file))) await this.remove(name);
      if (name !== unfinished) continue;
      for (const part of await readdir(file)) {
        if (!this.inUse.has(part) && (await this.isExpired(path.join(file, part))))
          await this.delete(path.join(file, part));
      }
    }
  }

  private async isExpired(file: string): Promise<boolean> {
    const { mtimeMs } = (await stat(file).catch(() => null)) ?? { mtimeMs: Date.now() };
    return Date.now() - mtimeMs > this.limits.secondsToLive * 1000;
  }
}

/** Bytes and number of the files at or below a place; none where nothing is there. */
async function sizeOf(place: string): Promise<{ bytes: number; files: number }> {
  const found = await stat(place).catch(() => null);
  if (found?.isDirectory() !== true) return { bytes: found?.size ?? 0, files: found === null ? 0 : 1 };
  let [bytes, files] = [0, 0];
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += (await stat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
    files += 1;
  }
  return { bytes, files };
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}

/** A file where another one needs a folder, or the other way round. */
function clashOf(error: unknown, name: string): FigseekError | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (code !== 'ENOTDIR' && code !== 'EISDIR' && code !== 'EEXIST' && code !== 'ENOTEMPTY') return null;
  return new FigseekError('CONFLICT', `${name.slice(0, 100)} is a file and a folder in one upload`);
}
