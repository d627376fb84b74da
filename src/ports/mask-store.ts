import type { DrawnMask, MaskShape } from '../domain/mask.js';
import type { MaskRecord, StoredMask } from '../domain/stored-mask.js';

/** Masks by their hashes. A mask that was made is kept for ever, so that no mask is computed twice. */
export abstract class MaskStore {
  /** Masks that are absent are left out. */
  abstract byHashes(hashes: readonly string[]): Promise<ReadonlyMap<string, StoredMask>>;

  /** The READY masks of images that were made as masks are made now, by their time and then by their hash. */
  abstract ofImages(imageHashes: readonly string[]): Promise<readonly StoredMask[]>;

  /** Pixels and polygons of masks that are READY; others are left out. */
  abstract shapes(hashes: readonly string[]): Promise<ReadonlyMap<string, MaskShape>>;

  /** The run lengths of a mask without its polygons, which are larger. @returns null where it is not READY */
  abstract runLengths(hash: string): Promise<MaskShape['rle'] | null>;

  /** READY masks whose image and box are those of a panel in the corpus. The others are kept: their panel may come again. */
  abstract count(): Promise<number>;

  /** Replaces a failure, and nothing else. @returns what is stored then: the earlier mask where there was one */
  abstract saveDrawn(record: MaskRecord, mask: DrawnMask): Promise<StoredMask>;

  /** Replaces an earlier failure, and nothing else. @returns what is stored then: the earlier mask where there was one */
  abstract saveFailed(record: MaskRecord, error: string): Promise<StoredMask>;
}
