import type { ModelComparison } from '../domain/model-comparison.js';
import type { WorkReporter } from '../ports/work-reporter.js';

/**
 * Compares a package with another one of its checkpoint on figures of the corpus.
 * @param reference name of the package that counts as right
 * @param sample most figures to compare on
 * @returns null where there are too few figures, or no corpus
 * @throws {FigseekError} BAD_USER_INPUT where the two do not see images in the same size
 */
export type CompareWith = (
  reference: string,
  sample: number,
  reporter: WorkReporter,
) => Promise<ModelComparison | null>;

/** A comparison in one line. */
export function describeComparison(name: string, reference: string, comparison: ModelComparison): string {
  const { figures, images, captions, overlap } = comparison;
  const cosines = ({ mean, least }: { mean: number; least: number }) =>
    `cosine ${mean.toFixed(5)} on the mean, ${least.toFixed(5)} at least`;
  return (
    `${name} against ${reference} on ${figures} figures: images ${cosines(images)}; ` +
    `${captions === null ? 'no captions' : `captions ${cosines(captions)}`}; ` +
    `${(100 * overlap).toFixed(1)} % of the ten best answers are the same`
  );
}
