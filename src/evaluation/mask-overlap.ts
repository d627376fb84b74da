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
  /** Of the image; null where nobody says. */
  readonly modality: string | null;
}

interface OverlapFigures {
  readonly masks: number;
  readonly dice: Estimate;
  readonly iou: Estimate;
}

export interface MaskFigures extends OverlapFigures {
  /** Null for all prompts together. */
  readonly prompt: string | null;
}

export interface ModalityFigures extends OverlapFigures {
  /** Null for all modalities together. */
  readonly modality: string | null;
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
  return overlapsBy(outcomes, ({ prompt }) => prompt, seed).map(({ name, ...figures }) => ({
    prompt: name,
    ...figures,
  }));
}

/** All masks together, then each modality that is named. */
export function measureModalities(outcomes: readonly MaskOutcome[], seed: string): readonly ModalityFigures[] {
  const figures = overlapsBy(outcomes, ({ modality }) => modality, seed);
  return figures.map(({ name, ...rest }) => ({ modality: name, ...rest }));
}

function overlapsBy(
  outcomes: readonly MaskOutcome[],
  nameOf: (outcome: MaskOutcome) => string | null,
  seed: string,
): readonly (OverlapFigures & { readonly name: string | null })[] {
  const names = [null, ...new Set(outcomes.flatMap((one) => nameOf(one) ?? []))];
  return names.flatMap((name) => {
    const own = outcomes.filter((one) => name === null || nameOf(one) === name);
    const options = { seed, groups: own.map(({ group }) => group) };
    const [dice, iou] = [own.map((one) => one.dice), own.map((one) => one.iou)].map((all) =>
      estimateMean(all, options),
    );
    return dice == null || iou == null ? [] : [{ name, masks: own.length, dice, iou }];
  });
}
