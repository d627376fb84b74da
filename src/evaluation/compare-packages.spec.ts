import { describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { RecordingReporter } from '../../test/support/recording-reporter.js';
import type { Encoder } from '../ports/encoder.js';
import { ComparePackages } from './compare-packages.js';
import type { SampledFigure } from './corpus-sample.js';

describe('comparing packages', () => {
  /** @param figures of the corpus */
  function comparer(figures: number, reference = new FakeEncoder({ name: 'reference' })) {
    const active = new FakeEncoder({ name: 'active' });
    const sample = {
      read: (count: number) =>
        Promise.resolve(
          Array.from(
            { length: Math.min(count, figures) },
            (_, i) => ({ pixels: new Uint8Array(48).fill(i) }) as SampledFigure,
          ),
        ),
      embed: async (sampled: readonly SampledFigure[], encoder: Encoder) => ({
        images: await encoder.embedImages(
          sampled.map(({ pixels }) => pixels),
          'bulk',
        ),
        captions: [],
      }),
    };
    const registry = { load: () => Promise.resolve(reference.model) };
    const open = () => Promise.resolve(reference);
    return { compare: new ComparePackages(() => active, registry, open, sample), reference };
  }

  it('compares the active model with another on a sample, and closes that one', async () => {
    const { compare, reference } = comparer(100);
    const reporter = new RecordingReporter();
    expect(await compare.run('reference', 50, reporter)).toMatchObject({ figures: 50, captions: null, overlap: 1 });
    expect(reporter.tracked).toEqual(['embedding a sample by reference: 50', 'embedding a sample by active: 50']);
    expect(reference.status().ready).toBe(false);
  });

  it('compares nothing on few figures, and starts no model', async () => {
    const { compare, reference } = comparer(29);
    expect(await compare.run('reference', 50, new RecordingReporter())).toBeNull();
    expect(reference.status().ready).toBe(true);
  });

  it('refuses a model that sees images in another size', async () => {
    const { compare } = comparer(
      100,
      new FakeEncoder({ preparation: { ...new FakeEncoder().model.preparation, size: 8 } }),
    );
    await expect(compare.run('large', 50, new RecordingReporter())).rejects.toThrow(
      'large is no other precision of active',
    );
  });
});
