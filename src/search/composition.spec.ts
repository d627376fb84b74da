import { describe, expect, it } from '@jest/globals';
import type { ScoreStatistics } from '../domain/score-statistics.js';
import { ComposedQuery } from './composition.js';

const unit = (...values: number[]): Float32Array => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};

/** Images: nearly all along the first axis, as the vectors of one modality are; the second and third tell them apart. */
const sample = Array.from({ length: 64 }, (_, i) => unit(1, Math.sin(i * 2.4) / 4, Math.cos(i * 1.7) / 4, 0));
const mean = Float32Array.from({ length: 4 }, (_, i) => sample.reduce((sum, one) => sum + (one[i] ?? 0), 0) / 64);
const background: ScoreStatistics = { sample, mean };

// An image has large cosines with images, a text small ones: what it says lies along the second axis.
const likeImage = unit(1, 0, 0.25, 0);
const text = unit(0, 0.2, 0, 1);
const both = unit(1, 0.25, 0.25, 0);
const onlyImage = unit(1, -0.25, 0.3, 0);
const onlyText = unit(1, 0.25, -0.25, 0);

describe('a composed query', () => {
  it('is the cosine where there is one term, whatever its weight', () => {
    const query = ComposedQuery.compose([{ vector: likeImage, weight: 3 }], background);
    expect(query.isSingleTerm).toBe(true);
    expect(query.scoreVector(likeImage)).toBeCloseTo(1, 6);
  });

  it('lets a text count as much as an image, though its cosines are small', () => {
    const terms = [
      { vector: likeImage, weight: 1 },
      { vector: text, weight: 1 },
    ];
    const query = ComposedQuery.compose(terms, background);
    const [atBoth, atImage, atText] = [both, onlyImage, onlyText].map((vector) => query.scoreVector(vector));
    expect(atBoth).toBeGreaterThan(Math.max(atImage ?? 0, atText ?? 0) + 0.5);
    // Of two that have half of what was asked, neither stands far before the other.
    expect(Math.abs((atImage ?? 0) - (atText ?? 0))).toBeLessThan(1);
  });

  it('scores the terms as standard scores over the corpus', () => {
    const query = ComposedQuery.compose(
      [
        { vector: likeImage, weight: 1 },
        { vector: text, weight: 2 },
      ],
      background,
    );
    const scores = sample.map((vector) => query.scoreVector(vector));
    expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeCloseTo(0, 4);
  });

  it('lowers what shows a negative term, and does not raise what is unlike it', () => {
    const terms = [{ vector: likeImage, weight: 1 }];
    const without = ComposedQuery.compose([...terms, { vector: text, weight: -1 }], background);
    const deepest = unit(1, -0.5, 0.25, 0);
    const shallow = unit(1, -0.01, 0.25, 0);
    const plain = ComposedQuery.compose([...terms, { vector: likeImage, weight: 1 }], background);
    expect(without.scoreVector(both)).toBeLessThan(plain.scoreVector(both) / 2 - 0.5);
    for (const unlike of [deepest, shallow])
      expect(without.scoreVector(unlike)).toBeCloseTo(plain.scoreVector(unlike) / 2, 5);
  });

  it('refuses terms that cancel each other', () => {
    const terms = [
      { vector: text, weight: 1 },
      { vector: text, weight: -1 },
    ];
    expect(() => ComposedQuery.compose(terms, background)).toThrow(/cancel each other/);
  });

  it('adds cosines as they are where the corpus is too small to tell', () => {
    const query = ComposedQuery.compose(
      [
        { vector: likeImage, weight: 1 },
        { vector: text, weight: 1 },
      ],
      { sample: sample.slice(0, 3), mean },
    );
    expect(query.scoreVector(both)).toBeCloseTo(
      likeImage.reduce((s, v, i) => s + v * (both[i] ?? 0), 0) + text.reduce((s, v, i) => s + v * (both[i] ?? 0), 0),
      5,
    );
  });
});
