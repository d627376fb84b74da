import type { Bitmap } from '../imaging/masks/components.js';
import { estimateMean, type Estimate } from './statistics.js';

/** How well a mask covers the true one, 0..1. */
export interface MaskOverlap {
  /** 2·|A∩B| / (|A| + |B|) (Dice, Ecology 1945); 1 where both are empty. */
  readonly dice: number;
  /** |A∩B| / |A∪B| (Jaccard); 1 where both are empty. */
  readonly iou: number;
}

/** The overlap of one drawn mask, with what it is of. */
export interface MaskOutcome extends MaskOverlap {
  readonly id: string;
  readonly group: string;
  readonly prompt: string;
}

export interface MaskFigures {
  /** Null for all prompts together. */
  readonly prompt: string | null;
  readonly masks: number;
  readonly dice: Estimate;
  readonly iou: Estimate;
}

/** @param mask and truth of one size; a pixel is inside where it is not 0 @throws {RangeError} of two sizes */
export function maskOverlap(mask: Bitmap, truth: Bitmap): MaskOverlap {
  if (mask.width !== truth.width || mask.height !== truth.height) {
    const [given, expected] = [mask, truth].map(({ width, height }) => `${width} × ${height}`);
    throw new RangeError(`Expected a mask of ${expected ?? ''} pixels but received ${given ?? ''}`);
  }
  let [both, either] = [0, 0];
  for (let i = 0; i < truth.data.length; i++) {
    const [drawn, real] = [mask.data[i] !== 0, truth.data[i] !== 0];
    if (drawn && real) both += 1;
    if (drawn || real) either += 1;
  }
  return either === 0 ? { dice: 1, iou: 1 } : { dice: (2 * both) / (both + either), iou: both / either };
}

/** All prompts together, then each, in the order in which they were met. */
export function measureMasks(outcomes: readonly MaskOutcome[], seed: string): readonly MaskFigures[] {
  const prompts = [null, ...new Set(outcomes.map(({ prompt }) => prompt))];
  return prompts.flatMap((prompt) => {
    const own = outcomes.filter((one) => prompt === null || one.prompt === prompt);
    const options = { seed, groups: own.map(({ group }) => group) };
    const [dice, iou] = [own.map((one) => one.dice), own.map((one) => one.iou)].map((all) =>
      estimateMean(all, options),
    );
    return dice == null || iou == null ? [] : [{ prompt, masks: own.length, dice, iou }];
  });
}
