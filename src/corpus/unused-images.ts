import type { ImageHash } from '../domain/ids.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { FigureStore } from '../ports/figure-store.js';

/** Removes image files that no figure shows any more. */
export class UnusedImages {
  constructor(
    private readonly figures: Pick<FigureStore, 'isImageUsed'>,
    private readonly blobs: Pick<BlobStore, 'remove'>,
  ) {}

  /** @param minAgeMs a file that was stored later than this is kept: another ingest may be about to show it */
  async remove(hashes: Iterable<ImageHash>, minAgeMs = 0): Promise<void> {
    for (const hash of hashes) if (!(await this.figures.isImageUsed(hash))) await this.blobs.remove(hash, minAgeMs);
  }
}
