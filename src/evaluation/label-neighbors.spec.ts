import { describe, expect, it } from '@jest/globals';
import { measureLabelNeighbors, type LabeledImage } from './label-neighbors.js';

/** An image at an angle of a quarter of a circle, so that near angles are near vectors. */
function image(degrees: number, label: string | null, group = `group ${degrees}`): LabeledImage {
  const angle = (degrees * Math.PI) / 180;
  const vector = Float32Array.of(Math.cos(angle), Math.sin(angle));
  return { id: String(degrees), group, labels: label === null ? [] : [label], vector };
}

describe('neighbors by labels', () => {
  const range = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => from + i);

  it('are right where images of one label lie together', () => {
    const images = [...range(0, 12).map((at) => image(at, 'CT')), ...range(70, 12).map((at) => image(at, 'MRI'))];
    const { measures } = measureLabelNeighbors(images, 'spec');
    expect(measures).toMatchObject({ images: 24, majorityVote: { mean: 1, low: 1, high: 1 }, majorityChance: 0.5 });
    expect(
      measures?.labels.map(({ label, images: count, precisionAt10 }) => [label, count, precisionAt10.mean]),
    ).toEqual([
      ['CT', 12, 1],
      ['MRI', 12, 1],
    ]);
    // Of the 23 others 11 have the label.
    expect(measures?.labels[0]?.chance).toBeCloseTo(11 / 23, 12);
  });

  it('are never of the same group, as copies of one patient would make it easy', () => {
    // Each image has a twin of its own label beside it, and all others have the other label.
    const images = [
      ...[0, 1].map((at) => image(at, 'CT', 'patient 1')),
      ...[40, 41].map((at) => image(at, 'MRI', 'patient 2')),
    ];
    const { measures, outcomes } = measureLabelNeighbors(images, 'spec');
    expect(measures?.majorityVote.mean).toBe(0);
    expect(outcomes.map(({ precisionAt10 }) => precisionAt10)).toEqual([0, 0, 0, 0]);
  });

  it('count images without labels as wrong neighbors, and ask nothing of them', () => {
    const images = [image(0, 'CT'), image(1, 'CT'), ...range(2, 8).map((at) => image(at, null))];
    const { measures } = measureLabelNeighbors(images, 'spec');
    expect(measures?.images).toBe(2);
    // The other one is all that can be found.
    expect(measures?.labels[0]?.precisionAt10.mean).toBe(1);
    expect(measures?.labels[0]?.chance).toBe(1);
    // One vote is more than none.
    expect(measures?.majorityVote.mean).toBe(1);
  });

  it('measure nothing without labels', () => {
    expect(measureLabelNeighbors([image(0, null), image(1, null)], 'spec').measures).toBeNull();
  });
});
