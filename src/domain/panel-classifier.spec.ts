import { describe, expect, it } from '@jest/globals';
import { figureClasses, findFigureClass, promptsOf } from './figure-classes.js';
import { linearHeadOf, withLinearHead } from './linear-head.js';
import { classProbabilities, PanelClassifier, zeroShotWeights } from './panel-classifier.js';

const directions = [Float32Array.of(1, 0, 0), Float32Array.of(0.6, 0.8, 0), Float32Array.of(0, 0, 1)];

describe('the list of classes', () => {
  it('has no name or alias twice', () => {
    for (const one of figureClasses) {
      for (const name of [one.name, ...one.aliases])
        expect([name, findFigureClass(name)?.name]).toEqual([name, one.name]);
    }
  });

  it('has prompts that hold each phrase', () => {
    for (const one of figureClasses) {
      const prompts = promptsOf(one);
      expect(new Set(prompts).size).toBe(3 * one.phrases.length);
      for (const phrase of one.phrases) expect(prompts.filter((prompt) => prompt.includes(phrase))).not.toHaveLength(0);
      expect(prompts.join()).not.toContain('{}');
    }
  });
});

describe('a classifier of panels', () => {
  it('gives the softmax of the cosines times 100', () => {
    const weights = zeroShotWeights(['ct', 'mri', 'plot'], directions);
    const vector = Float32Array.of(0.99, Math.sqrt(1 - 0.99 ** 2), 0);
    const cosines = directions.map((one) => (one[0] ?? 0) * 0.99 + (one[1] ?? 0) * (vector[1] ?? 0));
    const powers = cosines.map((cosine) => Math.exp(100 * cosine));
    const sum = powers.reduce((total, power) => total + power, 0);
    const found = classProbabilities(weights, vector);
    for (const [at, power] of powers.entries()) expect(found[at]).toBeCloseTo(power / sum, 4);
  });

  it('names the best class, and adds up the classes of its type', () => {
    const classifier = new PanelClassifier('ZERO_SHOT', zeroShotWeights(['ct', 'mri', 'plot'], directions));
    const vector = Float32Array.of(0.894, 0.448, 0);
    const [ct = 0, mri = 0] = classProbabilities(zeroShotWeights(['ct', 'mri', 'plot'], directions), vector);
    const found = classifier.classify(vector, true);
    expect(found).toMatchObject({
      method: 'ZERO_SHOT',
      figureType: 'medical image',
      modality: ct > mri ? 'ct' : 'mri',
    });
    expect(found.modalityProbability).toBeCloseTo(Math.max(ct, mri), 6);
    expect(found.figureTypeProbability).toBeCloseTo(ct + mri, 6);
    expect(classifier.classify(Float32Array.of(0, 0, 1), true)).toMatchObject({
      ...{ figureType: 'plot', modality: null, modalityProbability: null },
    });
  });

  it('takes no part of a figure for compound', () => {
    const classifier = new PanelClassifier('ZERO_SHOT', zeroShotWeights(['compound', 'mri', 'plot'], directions));
    const vector = Float32Array.of(1, 0, 0);
    expect(classifier.classify(vector, true).figureType).toBe('compound');
    expect(classifier.classify(vector, false)).toMatchObject({ figureType: 'medical image', modality: 'mri' });
  });

  it('refuses a class that is not in the list', () => {
    expect(() => new PanelClassifier('ZERO_SHOT', zeroShotWeights(['gravity'], directions.slice(0, 1)))).toThrow(
      'Expected a class of the list but received gravity',
    );
  });
});

describe('a linear head', () => {
  const head = { classes: ['ct', 'plot'], weights: directions.slice(0, 2), biases: [0.5, -0.25] };

  it('is read as it was kept, for its model alone', () => {
    const stored = withLinearHead(withLinearHead(null, 'a', head), 'b', { ...head, biases: [1, 2] });
    expect(linearHeadOf(stored, 'a', 3)).toMatchObject(head);
    expect(linearHeadOf(stored, 'a', 3)?.key).not.toBe(linearHeadOf(stored, 'b', 3)?.key);
    expect(linearHeadOf(stored, 'c', 3)).toBeNull();
    expect(linearHeadOf(withLinearHead(stored, 'a', null), 'a', 3)).toBeNull();
  });

  it('is none where its vectors have another length or nobody can read it', () => {
    expect(linearHeadOf(withLinearHead(null, 'a', head), 'a', 4)).toBeNull();
    expect(linearHeadOf('{"a": 1}', 'a', 3)).toBeNull();
    expect(linearHeadOf('nonsense', 'a', 3)).toBeNull();
    const cut = { a: { classes: head.classes, biases: head.biases, weights: 'AAA=' } };
    expect(linearHeadOf(JSON.stringify(cut), 'a', 3)).toBeNull();
  });

  it('is none where it has a class that this version does not know', () => {
    expect(linearHeadOf(withLinearHead(null, 'a', { ...head, classes: ['ct', 'gravity'] }), 'a', 3)).toBeNull();
  });

  it('is kept where that of another model is damaged', () => {
    const stored = JSON.stringify({ ...(JSON.parse(withLinearHead(null, 'a', head)) as object), b: { classes: 5 } });
    expect(linearHeadOf(stored, 'a', 3)).toMatchObject(head);
    expect(linearHeadOf(withLinearHead(stored, 'c', head), 'a', 3)).toMatchObject(head);
  });
});
