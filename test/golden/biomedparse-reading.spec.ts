import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { betaDistribution } from '../../src/masks/statistics/beta.js';
import { meansInside, tailProbability } from '../../src/masks/statistics/plausibility.js';
import { suppressOverlapping } from '../../src/masks/non-maximum-suppression.js';
import { combined, GoldenFiles, type RecognitionCase } from './biomedparse-cases.js';
import { describeGoldenSets } from './golden-sets.js';

/** The maps of a case, one a target. */
function candidatesOf(files: GoldenFiles, { probabilities, targets }: RecognitionCase) {
  const { shape, values } = files.array(probabilities);
  const pixels = shape.slice(1).reduce((product, size) => product * size, 1);
  return targets.map(({ target, p_value: pValue }, i) => ({
    target,
    pValue,
    probabilities: values.subarray(i * pixels, (i + 1) * pixels),
  }));
}

function summary(masks: ReturnType<typeof combined>) {
  return masks.map(({ target, mask }) => ({
    target,
    area: mask.reduce((sum, value) => sum + value, 0),
    sha256: createHash('sha256').update(mask).digest('hex'),
  }));
}

describeGoldenSets('biomedparse', 'reading masks as the official code', (set) => {
  const files = new GoldenFiles(set);
  const cases = files.cases();
  const maps = cases.recognition.filter(({ id }) => id.startsWith('map-'));

  it.each(maps)('$id: suppresses and combines', (one) => {
    const candidates = candidatesOf(files, one);
    const kept = suppressOverlapping(candidates);
    expect(kept.map(({ target }) => target)).toEqual(one.after_nms);
    expect(summary(combined(kept))).toEqual(one.final);
    expect(summary(combined(candidates))).toEqual(one.combine_without_nms);
  });

  it.each(cases.beta)('gives Beta($a, $b) at $x', ({ a, b, x, cdf, p }) => {
    expect(Math.abs(betaDistribution(x, a, b) - cdf)).toBeLessThan(1e-9);
    expect(Math.abs(tailProbability(x, a, b) - p)).toBeLessThan(1e-9);
  });

  it.each(cases.mask_stats_edges)('takes means of a mask whose peak is “$name”', ({ peak, stats }) => {
    const probabilities = Float32Array.of(0.1, peak, 0.2, peak);
    const expected = stats.map((value) => value ?? 0);
    const means = meansInside(probabilities, new Uint8Array(12).fill(100));
    means.forEach((mean, i) => {
      expect(mean).toBeCloseTo(expected[i] ?? NaN, 6);
    });
  });
});
