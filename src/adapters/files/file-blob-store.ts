import { BlobStore } from '../../ports/blob-store.js';
import { open, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from '../../domain/errors.js';
import { imageHashOf, type ImageHash } from '../../domain/ids.js';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import { readStoredImage } from '../../imaging/stored-image.js';
import type { StoredImage } from '../../domain/stored-image.js';
import { fileExists } from '../../platform/file-exists.js';

/** Image files as they came, each named by its sha256: equal images are kept once, and none ever changes. */
export class FileBlobStore extends BlobStore {
  constructor(private readonly folder: string) {
    super();
  }

  async put(bytes: Uint8Array): Promise<ImageHash> {
    const hash = imageHashOf(bytes);
    const [file, now] = [this.pathOf(hash), new Date()];
    // The time tells `remove` that somebody has put it again.
    const isThere = await utimes(file, now, now).then(
      () => true,
      () => false,
    );
    if (!isThere) await writeFileAtomic(file, bytes);
    return hash;
  }

  async remove(hash: ImageHash, minAgeMs = 0): Promise<void> {
    const file = this.pathOf(hash);
    if (minAgeMs > 0) {
      const putAt = await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      if (putAt > Date.now() - minAgeMs) return;
    }
    await rm(file, { force: true });
  }

  async has(hash: ImageHash): Promise<boolean> {
    return fileExists(this.pathOf(hash));
  }

  /** For who reads the file elsewhere than in this process; nothing is looked up. */
  fileOf(hash: ImageHash): StoredImage {
    return { file: this.pathOf(hash), hash };
  }

  async start(hash: ImageHash, length: number): Promise<Uint8Array | null> {
    const file = await open(this.pathOf(hash)).catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (file === null) return null;
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** @throws {FigseekError} INTERNAL_SERVER_ERROR when the file is gone or its bytes changed on disk */
  get(hash: ImageHash): Promise<Buffer> {
    return readStoredImage(this.fileOf(hash));
  }

  private pathOf(hash: ImageHash): string {
    return path.join(this.folder, hash.slice(0, 2), hash);
  }
}
