import { describe, expect, it } from '@jest/globals';
import { maskOverlap, measureMasks, measureModalities } from './mask-overlap.js';

const bitmap = (...data: readonly number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe('the overlap of a mask with the true one', () => {
  it('counts what both cover', () => {
    // Both: 2 pixels; 3 and 4 pixels, 5 together.
    expect(maskOverlap(bitmap(1, 1, 1, 0, 0, 0), bitmap(0, 1, 1, 255, 1, 0))).toEqual({ dice: 4 / 7, iou: 2 / 5 });
    expect(maskOverlap(bitmap(1, 0), bitmap(0, 1))).toEqual({ dice: 0, iou: 0 });
    expect(maskOverlap(bitmap(0, 0), bitmap(0, 0))).toEqual({ dice: 1, iou: 1 });
  });

  it('is of masks of one size', () => {
    expect(() => maskOverlap(bitmap(1, 0), bitmap(1, 0, 0))).toThrow(
      'Expected a mask of 3 × 1 pixels but received 2 × 1',
    );
  });

  it('is averaged over all masks, and over those of each prompt', () => {
    const figures = measureMasks([outcome('lung', 1), outcome('heart', 0.5), outcome('lung', 0)], 'spec');
    expect(figures.map(({ prompt, masks, dice, iou }) => [prompt, masks, dice.mean, iou.mean])).toEqual([
      [null, 3, 0.5, 0.25],
      ['lung', 2, 0.5, 0.25],
      ['heart', 1, 0.5, 0.25],
    ]);
    expect(measureMasks([], 'spec')).toEqual([]);
  });

  it('is averaged over the masks of each modality; images without one count in all alone', () => {
    const [one, other, none] = [outcome('lung', 1), outcome('heart', 0.5), outcome('lung', 0)];
    const all = [{ ...one, modality: 'CT' }, { ...other, modality: 'X-Ray' }, none, { ...other, modality: 'CT' }];
    expect(measureModalities(all, 'spec').map(({ modality, masks, dice }) => [modality, masks, dice.mean])).toEqual([
      [null, 4, 0.5],
      ['CT', 2, 0.75],
      ['X-Ray', 1, 0.5],
    ]);
  });
});

function outcome(prompt: string, dice: number) {
  return { id: 'a', group: `${prompt} ${dice}`, prompt, modality: null, dice, iou: dice / 2 };
}
