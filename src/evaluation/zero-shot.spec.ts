import { describe, expect, it } from '@jest/globals';
import type { LabeledImage } from './label-neighbors.js';
import { measureZeroShot, parsePromptSets } from './zero-shot.js';

const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

/** A text has the angle that stands in it. */
const encoder = { embedTexts: (texts: readonly string[]) => Promise.resolve(texts.map((text) => at(Number(text)))) };

function image(degrees: number, ...labels: readonly string[]): LabeledImage {
  return { id: `${degrees} ${labels.join()}`, group: `group ${degrees}`, labels, vector: at(degrees) };
}

describe('zero-shot classification', () => {
  it('takes the label whose texts are nearest on average', async () => {
    const sets = { CT: ['0', '40'], MRI: ['80'] };
    // CT lies at 20°, so that 49° is nearer to it and 51° nearer to MRI.
    const images = [image(49, 'CT'), image(51, 'CT'), image(60, 'MRI'), image(79, 'MRI', 'brain'), image(50, 'other')];
    const { measures, outcomes } = await measureZeroShot(encoder, images, sets, 'spec');
    expect(outcomes.map(({ isRight }) => isRight)).toEqual([true, false, true, true]);
    expect(measures).toMatchObject({ images: 4, accuracy: { mean: 0.75 }, chance: 0.5, majorityChance: 0.5 });
    expect(measures.balancedAccuracy).toBe(0.75);
    expect(measures.labels).toEqual([
      { label: 'CT', images: 2, accuracy: 0.5 },
      { label: 'MRI', images: 2, accuracy: 1 },
    ]);
  });

  it('is refused where no record has one of the labels', async () => {
    await expect(measureZeroShot(encoder, [image(1, 'US')], { CT: ['0'], MRI: ['9'] }, 'spec')).rejects.toThrow(
      'one of the labels CT, MRI but found none',
    );
  });

  it('reads prompt sets, and says what is expected', () => {
    expect(parsePromptSets('{"CT": ["a CT"], "MRI": [" an MRI "]}')).toEqual({ CT: ['a CT'], MRI: ['an MRI'] });
    for (const wrong of ['[]', '{"CT": "a CT", "MRI": []}', 'CT', '{"CT": ["a CT"]}']) {
      expect(() => parsePromptSets(wrong)).toThrow(/^Expected prompt sets as/);
    }
  });
});
