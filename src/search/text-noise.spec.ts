import { describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { FigseekError } from '../domain/errors.js';
import type { VectorIndex } from '../ports/vector-index.js';
import { TextNoise } from './text-noise.js';

const dimensions = new FakeEncoder().model.dimensions;

/** Vectors in all directions. */
function vectorOf(number: number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, (_, i) => Math.sin((number + 1) * (i + 1) * 1.7));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const sample = Array.from({ length: 64 }, (_, number) => vectorOf(number));

const statistics = { mean: new Float32Array(dimensions), sample };

function noise(encoder: ConstructorParameters<typeof TextNoise>[0]): TextNoise {
  const index: ConstructorParameters<typeof TextNoise>[1] = {
    scoreStatistics: () => Promise.resolve(statistics),
    search: (...[, vector, { k }]: Parameters<VectorIndex['search']>) => {
      const cosines = sample.map((other) => other.reduce((sum, value, i) => sum + value * (vector[i] ?? 0), 0));
      const panels = cosines
        .sort((a, b) => b - a)
        .slice(0, k)
        .map((score, at) => ({ panelId: `fig_${at}_0`, figureId: `fig_${at}`, imageKey: String(at), score }));
      return Promise.resolve({ panels: panels as never, exact: true });
    },
  };
  return new TextNoise(encoder, index);
}

describe('the level of texts without meaning', () => {
  it('is measured once a generation, by one request to the model', async () => {
    const encoder = new FakeEncoder();
    const asked: number[] = [];
    const measured = noise({
      embedTexts: (texts) => {
        asked.push(texts.length);
        return encoder.embedTexts(texts);
      },
    });
    const [level, again] = await Promise.all([measured.level('g1', statistics), measured.level('g1', statistics)]);
    expect(level).toEqual(again);
    expect(level?.images.hardlyEver).toBeGreaterThanOrEqual(level?.images.seldom ?? Infinity);
    expect(asked).toEqual([64]);
    await measured.level('g2', statistics);
    expect(asked).toEqual([64, 64]);
  });

  it('is not known while the model is too busy, and asked for again', async () => {
    const encoder = new FakeEncoder();
    let isBusy = true;
    const measured = noise({
      embedTexts: (texts) =>
        isBusy ? Promise.reject(new FigseekError('RATE_LIMITED', 'The queue is full')) : encoder.embedTexts(texts),
    });
    expect(await measured.level('g1', statistics)).toBeNull();
    isBusy = false;
    expect(await measured.level('g1', statistics)).not.toBeNull();
  });
});
