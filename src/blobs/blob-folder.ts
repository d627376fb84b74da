import { access, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../domain/errors.js';
import { imageHashOf, type ImageHash } from '../domain/ids.js';
import { writeDurably } from './durable-file.js';

/** Image files as they came, each named by its sha256: equal images are kept once, and none ever changes. */
export class BlobFolder {
  constructor(private readonly folder: string) {}

  async put(bytes: Uint8Array): Promise<ImageHash> {
    const hash = imageHashOf(bytes);
    if (!(await this.has(hash))) await writeDurably(this.pathOf(hash), bytes);
    return hash;
  }

  async remove(hash: ImageHash): Promise<void> {
    await rm(this.pathOf(hash), { force: true });
  }

  async has(hash: ImageHash): Promise<boolean> {
    return access(this.pathOf(hash)).then(
      () => true,
      () => false,
    );
  }

  /** @throws {FigseekError} INTERNAL_SERVER_ERROR when the file is gone or its bytes changed on disk */
  async get(hash: ImageHash): Promise<Buffer> {
    const bytes = await readFile(this.pathOf(hash)).catch((cause: unknown) => {
      throw new FigseekError('INTERNAL_SERVER_ERROR', `The image file ${hash} is missing; ingest its source again`, {
        cause,
      });
    });
    if (imageHashOf(bytes) !== hash) {
      throw new FigseekError('INTERNAL_SERVER_ERROR', `The image file ${hash} is damaged; delete it and ingest again`);
    }
    return bytes;
  }

  private pathOf(hash: ImageHash): string {
    return path.join(this.folder, hash.slice(0, 2), hash);
  }
}
