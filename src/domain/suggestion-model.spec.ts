import { describe, expect, it } from '@jest/globals';
import { fitSuggestions } from './suggestion-model.js';
import { dot } from './vector.js';

const unit = (...parts: readonly number[]) => Float32Array.from(parts, (part) => part / Math.hypot(...parts));

describe('a model of what belongs to a collection', () => {
  const relevant = [unit(1, 1, 0), unit(1, 0.9, 0.1)];
  const background = [unit(1, -1, 0), unit(1, -0.8, 0.3), unit(1, 0, -1), unit(1, 0, 1)];

  it('points to what sets the relevant figures apart, not to what all figures have in common', async () => {
    const { direction, score } = await fitSuggestions({ relevant, irrelevant: [], background });
    expect(dot(direction, direction)).toBeCloseTo(1, 5);
    expect(direction[1]).toBeGreaterThan(Math.abs(direction[0] ?? 0));
    expect(score(dot(direction, unit(1, 1, 0)))).toBeGreaterThan(score(dot(direction, unit(1, -1, 0))));
  });

  it('turns away from rejected figures', async () => {
    const near = unit(1, 1, 0.5);
    const cosineOf = async (irrelevant: readonly Float32Array[]) =>
      dot((await fitSuggestions({ relevant, irrelevant, background })).direction, near);
    expect(await cosineOf([near])).toBeLessThan(await cosineOf([]));
  });

  it('is the mean where there is nothing to tell the relevant figures from', async () => {
    const { direction, score } = await fitSuggestions({ relevant, irrelevant: [], background: [] });
    expect(direction[0]).toBeCloseTo(0.725, 2);
    expect(score(1)).toBe(1);
    expect(score(-1)).toBe(0);
  });

  it('is the same for the same examples', async () => {
    const examples = { relevant, irrelevant: [unit(0, 1, 1)], background };
    const [one, other] = [await fitSuggestions(examples), await fitSuggestions(examples)];
    expect(one.direction).toEqual(other.direction);
  });
});
