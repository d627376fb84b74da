import { isDeepStrictEqual } from 'node:util';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError } from '../domain/errors.js';
import { minComparedFigures, type ModelComparison } from '../domain/model-comparison.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import type { Encoder } from '../ports/encoder.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { CorpusSample } from './corpus-sample.js';
import { compareModels } from './model-comparison.js';

/** Compares the model that serves with another package, on figures of the corpus. */
export class ComparePackages {
  /**
   * @param active the encoder of the model that serves
   * @param openEncoder runs another model; closed here
   */
  constructor(
    private readonly active: () => Encoder,
    private readonly registry: Pick<ModelRegistry, 'load'>,
    private readonly openEncoder: (model: DualEncoder) => Promise<Encoder>,
    private readonly sample: Pick<CorpusSample, 'read' | 'embed'>,
  ) {}

  /**
   * @param reference name of the package that counts as right
   * @param count most figures to compare on
   * @returns null where there are too few figures
   * @throws {FigseekError} BAD_USER_INPUT where the two do not take images in the same way
   */
  async run(reference: string, count: number, reporter: WorkReporter): Promise<ModelComparison | null> {
    const encoder = this.active();
    const model = await this.registry.load(reference);
    // The sample is read once, for both.
    if (!isDeepStrictEqual(model.preparation, encoder.model.preparation)) {
      throw new FigseekError('BAD_USER_INPUT', `${reference} is no other precision of ${encoder.model.name}`);
    }
    const figures = await this.sample.read(count, model);
    if (figures.length < minComparedFigures) return null;
    const right = await this.openEncoder(model);
    try {
      const embed = (one: Encoder) =>
        reporter.track(`embedding a sample by ${one.model.name}`, figures.length, (at) =>
          this.sample.embed(figures, one, at),
        );
      return compareModels(await embed(right), await embed(encoder));
    } finally {
      await right.close();
    }
  }
}
