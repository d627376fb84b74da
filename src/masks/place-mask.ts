import type { Panel } from '../domain/figure.js';
import { formatMaskId, type Mask, type MaskOutcome } from '../domain/mask.js';
import type { StoredMask } from '../domain/stored-mask.js';

/** A stored mask as the mask of a panel. @param panel a panel that it belongs to: `isMaskOf` */
export function placeMask({ id: panelId }: Pick<Panel, 'id'>, mask: StoredMask): Mask {
  const { hash, model, prompt, imageType, isDetected, outcome } = mask;
  return { id: formatMaskId(hash, panelId), hash, panelId, prompt, imageType, model, isDetected, outcome };
}

/**
 * A mask by its prompt that has not been made.
 * @param outcome why it was not made; null while it is being made
 */
export function placeUnmadeMask(
  { id: panelId }: Pick<Panel, 'id'>,
  { hash, model, prompt, imageType }: Pick<StoredMask, 'hash' | 'model' | 'prompt' | 'imageType'>,
  outcome: Exclude<MaskOutcome, { readonly status: 'READY' }> | null,
): Mask {
  return { id: formatMaskId(hash, panelId), hash, panelId, prompt, imageType, model, isDetected: false, outcome };
}
