import { describe, expect, it } from '@jest/globals';
import { compareModels } from './model-comparison.js';

/** Unit vectors in the plane, at these angles. */
const at = (...angles: readonly number[]): Float32Array[] =>
  angles.map((angle) => Float32Array.of(Math.cos(angle), Math.sin(angle)));

const spreadOut = Array.from({ length: 40 }, (_, i) => i / 20);

describe('two models over one sample', () => {
  it('are the same where their vectors are', () => {
    const vectors = { images: at(...spreadOut), captions: at(0.1, 1.1) };
    const comparison = compareModels(vectors, vectors);
    expect(comparison.overlap).toBe(1);
    expect(comparison.images.least).toBeCloseTo(1, 6);
    expect(comparison.figures).toBe(40);
  });

  it('count an answer that is as good as the tenth, whatever its row', () => {
    const images = at(...spreadOut.map((angle) => Math.floor(angle * 2)));
    const turned = images.map((vector, row) => (row % 2 === 0 ? vector : (images[row - 1] ?? vector)));
    expect(compareModels({ images, captions: [] }, { images: turned, captions: [] }).overlap).toBe(1);
  });

  it('share few answers where one has its images in another order', () => {
    const images = at(...spreadOut);
    const shuffled = images.map((_, row) => images[(row * 17) % 40] ?? new Float32Array());
    const { overlap, captions } = compareModels({ images, captions: [] }, { images: shuffled, captions: [] });
    expect(overlap).toBeLessThan(0.5);
    expect(captions).toBeNull();
  });
});
