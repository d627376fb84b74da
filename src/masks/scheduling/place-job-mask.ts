import type { Figure, Panel } from '../../domain/figure.js';
import type { Mask } from '../../domain/mask.js';
import { isMaskOf, type StoredMask } from '../../domain/stored-mask.js';
import { placeMask, placeUnmadeMask } from '../place-mask.js';
import type { JobMask } from './mask-jobs.js';

/**
 * A mask of a job as it is now.
 * @param place the panel that the mask was requested for, and its figure, as they are now
 * @param readStored reads a stored mask by its hash; called for a mask that was made
 * @returns null where the panel has another box or another image than when the mask was requested
 */
export async function placeJobMask(
  jobMask: JobMask,
  { panel, figure }: { readonly panel: Panel; readonly figure: Pick<Figure, 'imageHash'> },
  readStored: (hash: string) => Promise<StoredMask | null>,
): Promise<Mask | null> {
  if (!isMaskOf(jobMask, figure.imageHash, panel.box)) return null;
  if (jobMask.end?.status !== 'READY') return placeUnmadeMask(panel, jobMask, jobMask.end);
  const stored = await readStored(jobMask.hash);
  return stored === null ? null : placeMask(panel, stored);
}
