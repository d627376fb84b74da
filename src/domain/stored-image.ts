import type { ImageHash } from './ids.js';

/** Where the file of a kept image lies, and what its bytes must be. */
export interface StoredImage {
  readonly file: string;
  readonly hash: ImageHash;
}
