import type { ImageHash } from '../domain/ids.js';
import type { StoredImage } from '../domain/stored-image.js';

/** Image files as they came, each named by its SHA-256: equal images are kept once, and none ever changes. */
export abstract class BlobStore {
  /** @throws {FigseekError} INSUFFICIENT_STORAGE */
  abstract put(bytes: Uint8Array): Promise<ImageHash>;

  /**
   * An absent image is no error.
   * @param minAgeMs one that was put later than this is kept; default: none is
   */
  abstract remove(hash: ImageHash, minAgeMs?: number): Promise<void>;

  abstract has(hash: ImageHash): Promise<boolean>;

  /** For who reads the file in another process; nothing is looked up. */
  abstract fileOf(hash: ImageHash): StoredImage;

  /** The first bytes of an image, at most so many; null where it is absent. Unlike `get`, it does not compare them with the hash. */
  abstract start(hash: ImageHash, length: number): Promise<Uint8Array | null>;

  /** @throws {FigseekError} INTERNAL_SERVER_ERROR when the file is gone or its bytes changed */
  abstract get(hash: ImageHash): Promise<Uint8Array>;
}
