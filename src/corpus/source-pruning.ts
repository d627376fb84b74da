import type { ImageHash } from '../domain/ids.js';
import type { FigureWriter } from '../ports/figure-writer.js';
import type { SourceStore } from '../ports/source-store.js';

/** Figures that are looked up at once: each look goes through all keys of the corpus. */
const foundAtOnce = 10_000;
/** Figures that are removed in one transaction. */
const batchSize = 200;

/** Why a run removes nothing; null where it may. */
export function refusalToPrune(run: {
  readonly read: number;
  /** Parts of the source that could not be read: any record may be in them. */
  readonly unreadable: number;
  /** Whether the process stood still so long that what it read may be forgotten. */
  readonly wasSuspended: boolean;
}): string | null {
  if (run.read === 0) return 'the source has no records: it may be unmounted or moved';
  if (run.wasSuspended) return 'the run was suspended for a while; run it again';
  if (run.unreadable === 0) return null;
  const parts = run.unreadable === 1 ? 'a part' : `${run.unreadable} parts`;
  return `${parts} of the source could not be read, and any record may be in what was not`;
}

/**
 * Removes the figures of a source whose records a run has not read. They come back, also into their collections, where the
 * source has them again.
 * @returns the images that they showed
 */
export async function pruneSource(
  source: string,
  runId: string,
  stores: { readonly sources: Pick<SourceStore, 'unreadOf'>; readonly writer: Pick<FigureWriter, 'delete'> },
): Promise<{ readonly removed: number; readonly images: ReadonlySet<ImageHash> }> {
  const images = new Set<ImageHash>();
  for (let removed = 0; ;) {
    const ids = await stores.sources.unreadOf(source, runId, foundAtOnce);
    const before = removed;
    for (let start = 0; start < ids.length; start += batchSize) {
      const gone = await stores.writer.delete(ids.slice(start, start + batchSize), 'prune');
      for (const { imageHash } of gone) images.add(imageHash);
      removed += gone.length;
    }
    if (ids.length < foundAtOnce || removed === before) return { removed, images };
  }
}
