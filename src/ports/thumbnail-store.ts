import type { ImageHash } from '../domain/ids.js';

/** An encoded image. */
export interface EncodedImage {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Resized copies of images without metadata, made when they are first asked for. */
export abstract class ThumbnailStore {
  /**
   * @param size of the longer side in pixels, at most; null for the largest copy that is made
   * @throws {FigseekError} INTERNAL_SERVER_ERROR where the stored file is missing or damaged, and what an image reader throws
   */
  abstract get(hash: ImageHash, size: number | null): Promise<EncodedImage>;
}
