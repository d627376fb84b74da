import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { systemCodeOf } from '../../../domain/errors.js';
import { imageHashOf, sha256, type ImageHash } from '../../../domain/ids.js';
import { writeFileAtomic } from '../../../platform/atomic-file.js';
import type { BlobStore } from '../../../ports/blob-store.js';
import type { ImageBytes } from '../source-items.js';

/** A list, metadata or XML of a run that did not come to its end; older ones are asked for anew. */
const maxAgeMs = 24 * 3_600_000;
const pictureSuffix = '.picture';

const md5 = z.string().regex(/^[0-9a-f]{32}$/);
const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => text as ImageHash);
const hashesSchema = z.record(md5, hash);

/** A picture of an article. */
interface WantedPicture {
  readonly article: string;
  /** As `PMC1.2/fig1.jpg`. */
  readonly name: string;
  readonly md5: string | null;
}

/**
 * What was fetched, for the time until it is in the corpus. `unfinished/PMC1/` holds the files of an article, each written
 * whole; a run that comes to its end deletes them. `pictures/67/PMC8253867.json` stays: it tells by which hash the corpus
 * keeps each picture, so that a later run does not fetch it again.
 */
export class PmcDownloads {
  /** Articles of this run, and of these the ones whose pictures may lie here, the first one first. */
  private readonly touched = new Set<string>();
  private readonly unreleased = new Set<string>();
  /** The last change of a file of hashes: two versions of one article may be read at the same time. */
  private lastChange: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly blobs: Pick<BlobStore, 'has' | 'get' | 'fileOf'>,
  ) {}

  /** A list, metadata or XML. @param name a plain name @throws what `fetch` throws */
  async text(article: string, name: string, fetch: () => Promise<Uint8Array>): Promise<Uint8Array> {
    this.touched.add(article);
    const file = path.join(this.unfinished(article), name);
    const written = await stat(file).catch(() => null);
    if (written !== null && Date.now() - written.mtimeMs < maxAgeMs) return readFile(file);
    const bytes = await fetch();
    await writeFileAtomic(file, bytes);
    return bytes;
  }

  /** Fetches a picture that is neither here nor in the corpus. @throws what `fetch` throws */
  async picture(wanted: WantedPicture, fetch: () => Promise<Uint8Array>): Promise<ImageBytes> {
    const { article } = wanted;
    this.touched.add(article);
    const file = path.join(this.unfinished(article), `${wanted.md5 ?? sha256(wanted.name)}${pictureSuffix}`);
    const present = await stat(file).catch(() => null);
    if (present !== null) return this.kept(wanted, file, await readFile(file));
    const known = wanted.md5 === null ? undefined : (await this.hashesOf(article))[wanted.md5];
    if (known !== undefined && (await this.blobs.has(known))) {
      const { size } = await stat(this.blobs.fileOf(known).file).catch(() => ({ size: 0 }));
      return { size, readImage: () => this.blobs.get(known) };
    }
    const bytes = await fetch();
    await writeFileAtomic(file, bytes);
    return this.kept(wanted, file, bytes);
  }

  private async kept({ article, md5: told }: WantedPicture, file: string, bytes: Uint8Array): Promise<ImageBytes> {
    this.unreleased.add(article);
    const known = imageHashOf(bytes);
    if (told !== null) await this.remember(article, told, known);
    return { size: bytes.length, readImage: () => this.read(file, known) };
  }

  /** Deletes the pictures that the corpus has by now, of all but the last articles. @param last how many */
  async releaseBefore(last: number): Promise<void> {
    for (const article of this.unreleased) {
      if (this.unreleased.size <= last) return;
      this.unreleased.delete(article);
      await this.release(article);
    }
  }

  private async release(article: string): Promise<void> {
    const hashes = await this.hashesOf(article);
    for (const name of await namesIn(this.unfinished(article))) {
      const known = name.endsWith(pictureSuffix) ? hashes[name.slice(0, -pictureSuffix.length)] : undefined;
      if (known !== undefined && (await this.blobs.has(known))) await rm(path.join(this.unfinished(article), name));
    }
  }

  /** After a run that came to its end: deletes what was fetched for its articles, and what runs left that nobody took up. */
  async sweep(): Promise<void> {
    const root = path.join(this.folder, 'unfinished');
    for (const article of await namesIn(root)) {
      const folder = path.join(root, article);
      const changed = (await stat(folder).catch(() => null))?.mtimeMs ?? 0;
      const isLeft = Date.now() - changed > maxAgeMs;
      if (isLeft || this.touched.has(article)) await rm(folder, { recursive: true, force: true });
    }
  }

  private async read(file: string, known: ImageHash): Promise<Uint8Array> {
    try {
      return await readFile(file);
    } catch (error) {
      // It was released in the meantime.
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      return this.blobs.get(known);
    }
  }

  private unfinished(article: string): string {
    return path.join(this.folder, 'unfinished', article);
  }

  private hashesFile(article: string): string {
    return path.join(this.folder, 'pictures', article.slice(-2), `${article}.json`);
  }

  /** By MD5. A damaged file is none: the pictures are fetched again. */
  private async hashesOf(article: string): Promise<Readonly<Record<string, ImageHash>>> {
    const text = await readFile(this.hashesFile(article), 'utf8').catch(() => '{}');
    try {
      return hashesSchema.parse(JSON.parse(text));
    } catch {
      return {};
    }
  }

  private async remember(article: string, md5OfPicture: string, hashOfPicture: ImageHash): Promise<void> {
    const change = this.lastChange.then(() => this.addHash(article, md5OfPicture, hashOfPicture));
    this.lastChange = change.catch(() => undefined);
    await change;
  }

  private async addHash(article: string, md5OfPicture: string, hashOfPicture: ImageHash): Promise<void> {
    const before = await this.hashesOf(article);
    // A run may have been killed between the file and this.
    if (before[md5OfPicture] === hashOfPicture) return;
    const hashes = { ...before, [md5OfPicture]: hashOfPicture };
    await writeFileAtomic(this.hashesFile(article), Buffer.from(JSON.stringify(hashes)));
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
