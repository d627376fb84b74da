import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
import type { PanelId } from '../domain/ids.js';
import type { Mask, MaskMeasures } from '../domain/mask.js';
import type { RelativeRect } from '../domain/relative-rect.js';
import { regionAround } from '../imaging/masks/mask-region.js';

/** A mask that a search is to use as its query, with what is known of it now. */
export interface MaskQuery {
  /** The id that was given. */
  readonly maskId: string;
  /** A region that was given together with the mask; none is allowed. */
  readonly region: object | null;
}

/**
 * The part of a panel that a mask outlines, as the query of a search.
 * @param readMask reads the mask by its id; null where there is none
 * @param readPanel reads the panel of the mask; null where there is none
 * @throws {FigseekError} NOT_FOUND for a mask that does not exist, or whose figure has another image now; CONFLICT for one
 *   that is not READY; BAD_USER_INPUT for an empty one, and for a region of a mask
 */
export async function locateMask(
  { maskId, region }: MaskQuery,
  readMask: (id: string) => Promise<Mask | null>,
  readPanel: (id: PanelId) => Promise<Panel | null>,
): Promise<{ readonly panelId: PanelId; readonly region: RelativeRect }> {
  if (region !== null) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      'Expected no region of a mask, which is a region itself, but received one',
    );
  }
  const mask = await readMask(maskId);
  const panel = mask && (await readPanel(mask.panelId));
  if (mask === null || panel === null) {
    const given = maskId.slice(0, 80);
    throw new FigseekError('NOT_FOUND', `There is no mask ${given}, or its figure is gone or has another picture now`);
  }
  return { panelId: panel.id, region: regionAround(readBoxes(mask), panel.box) };
}

/** The boxes of the parts of a mask, at least one. @throws {FigseekError} CONFLICT, BAD_USER_INPUT */
function readBoxes({ id, outcome, prompt }: Mask): MaskMeasures['boxes'] {
  if (outcome === null) {
    throw new FigseekError('CONFLICT', `The mask ${id} is still being made; search by it once its status is READY`);
  }
  if (outcome.status === 'FAILED') {
    throw new FigseekError('CONFLICT', `The mask ${id} could not be made: ${outcome.error}`);
  }
  const { boxes } = outcome.measures;
  if (boxes.length > 0) return boxes;
  throw new FigseekError('BAD_USER_INPUT', `The mask ${id} is empty: “${prompt}” was not found, so nothing is like it`);
}
