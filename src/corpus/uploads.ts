import type { CheckedImage, ImageReader } from '../ports/image-reader.js';
import type { UploadStore } from '../ports/upload-store.js';
import type { Viewer } from '../domain/viewer.js';

/** An image that a person sent, as it is kept. */
export interface Upload extends CheckedImage {
  readonly id: string;
  readonly expiresAt: Date;
}

/** Images that people send to search by or to add. */
export class Uploads {
  constructor(
    private readonly store: UploadStore,
    private readonly reader: ImageReader,
  ) {}

  /** Keeps an image where it can be decoded. @throws {FigseekError} RATE_LIMITED, and what `ImageReader` throws */
  async add(_viewer: Viewer, bytes: Uint8Array): Promise<Upload> {
    const { id, expiresAt } = await this.store.put(bytes);
    try {
      return { id, ...(await this.reader.check({ file: await this.store.fileOf(id) })), expiresAt };
    } catch (error) {
      await this.store.discard(id);
      throw error;
    }
  }

  /** @throws {FigseekError} NOT_FOUND when it never was or has expired */
  bytes(_viewer: Viewer, id: string): Promise<Uint8Array> {
    return this.store.get(id);
  }
}
