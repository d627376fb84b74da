import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../domain/seeded-random.js';
import { dealFolds } from './folds.js';
import { trainHead, type LabeledVector } from './train-head.js';

const names = ['ct', 'mri', 'plot'];
const axis = (at: number, length = 1): Float32Array =>
  Float32Array.from({ length: 6 }, (_, i) => (i === at ? length : 0));
/** Prompts that take each class for the next one. */
const wrongPrompts = { classes: names, weights: [axis(1), axis(2), axis(0)], biases: [0, 0, 0] };
const rightPrompts = { classes: [...names, 'pet'], weights: [0, 1, 2, 5].map((at) => axis(at)), biases: [0, 0, 0, 0] };

/** Vectors around an axis for each class, three of an article. */
function drawn(count: number, noise: number): readonly LabeledVector[] {
  const random = new SeededRandom('labeled');
  return Array.from({ length: count }, (_, number) => {
    const vector = axis(number % 3).map((part) => part + noise * (random.unit() - 0.5));
    const length = Math.hypot(...vector);
    const className = names[number % 3] ?? '';
    return { className, group: `article ${Math.floor(number / 3)}`, vector: vector.map((part) => part / length) };
  });
}

describe('the training of a head', () => {
  it('is certainly better than prompts that name other classes', () => {
    const training = trainHead(drawn(90, 0.5), wrongPrompts, { seed: '1' });
    expect(training).toMatchObject({ figures: 90, isBetter: true, chance: 1 / 3, majorityChance: 1 / 3 });
    expect(training.accuracy.mean).toBeGreaterThan(0.95);
    expect(training.zeroShot.mean).toBeLessThan(0.1);
    expect(training.head.classes).toEqual(names);
    expect(trainHead(drawn(90, 0.5), wrongPrompts, { seed: '1' })).toEqual(training);
  });

  it('is not certainly better than prompts that are right', () => {
    const training = trainHead(drawn(90, 0.5), rightPrompts, { seed: '1' });
    expect(training).toMatchObject({ isBetter: false, zeroShot: { mean: 1 }, zeroShotOfAll: { mean: 1 } });
    expect(training.gain.difference.mean).toBeLessThanOrEqual(0);
  });

  it('finds nothing in vectors that say nothing: what it was trained on is not measured', () => {
    const random = new SeededRandom('noise');
    const noise = drawn(120, 0).map((one) => ({ ...one, vector: one.vector.map(() => random.unit() - 0.5) }));
    const { accuracy, isBetter } = trainHead(noise, wrongPrompts, { seed: '1' });
    expect(accuracy.mean).toBeGreaterThan(0.15);
    expect(accuracy.mean).toBeLessThan(0.52);
    expect(isBetter).toBe(false);
  });

  it('leaves out classes with few figures, and refuses fewer than two', () => {
    const few = drawn(60, 0.5).map((one, at) =>
      at < 50 && one.className === 'plot' ? { ...one, className: 'ct' } : one,
    );
    expect(trainHead(few, rightPrompts, { seed: '1' }).leftOut).toEqual([{ name: 'plot', figures: 4 }]);
    const one = drawn(30, 0.5).filter(({ className }) => className === 'ct');
    expect(() => trainHead(one, rightPrompts, { seed: '1' })).toThrow(
      'Expected two classes at least with 10 labeled figures each but found ct 10',
    );
  });

  it('never parts what belongs together', () => {
    const groups = Array.from({ length: 100 }, (_, at) => `group ${at % 13}`);
    const folds = dealFolds(groups, 5, '1');
    const pairs = new Set(groups.map((group, at) => `${group} ${folds[at] ?? ''}`));
    expect(pairs.size).toBe(13);
    expect(new Set(folds)).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});
