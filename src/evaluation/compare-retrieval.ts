import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError } from '../domain/errors.js';
import { minComparedFigures } from '../domain/model-comparison.js';
import type { CaptionRetrieval, RetrievalComparison } from '../domain/retrieval-comparison.js';
import type { Viewer } from '../domain/viewer.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import type { Encoder } from '../ports/encoder.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { measureRanks, rankPairs } from './caption-pairs.js';
import type { CorpusSample, SampledFigure } from './corpus-sample.js';
import { reciprocalRank } from './retrieval-metrics.js';
import { comparePaired } from './statistics.js';

/** The same intervals each time. */
const seed = 'models compare';

/**
 * Which of two models finds the figures of this corpus better by their captions: each caption of a sample is asked, and all
 * images of the sample are what can be found. Unlike `ComparePackages`, the models may be of different checkpoints.
 */
export class CompareRetrieval {
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
   * @param against name of the other package
   * @param count most figures of the sample
   * @returns null where too few figures have a caption
   * @throws {FigseekError} BAD_USER_INPUT where a model is to be compared with itself
   */
  async run(
    _viewer: Viewer,
    against: string,
    count: number,
    reporter: Pick<WorkReporter, 'track'>,
  ): Promise<RetrievalComparison | null> {
    const encoder = this.active();
    const other = await this.registry.load(against);
    if (other.version === encoder.model.version) {
      throw new FigseekError('BAD_USER_INPUT', `Expected two models, but ${against} is ${encoder.model.name} itself`);
    }
    // Each takes images in its own way; an image that cannot be read is left out of both.
    const own = await this.read(count, encoder.model);
    const others = await this.read(count, other);
    const pairs = [...own].flatMap(([panelId, first]) => {
      const second = others.get(panelId);
      return second === undefined ? [] : [{ first, second }];
    });
    if (pairs.length < minComparedFigures) return null;
    const figures = pairs.map(({ first }) => first);
    const ranks = await this.ranksBy(encoder, figures, reporter);
    const opened = await this.openEncoder(other);
    try {
      const sample = pairs.map(({ second }) => second);
      return compare(ranks, await this.ranksBy(opened, sample, reporter), figures);
    } finally {
      await opened.close();
    }
  }

  /** Figures with captions, by their panels. */
  private async read(count: number, model: DualEncoder): Promise<ReadonlyMap<string, SampledFigure>> {
    const figures = await this.sample.read(count, model);
    const captioned = figures.filter(({ panel: { caption } }) => caption !== null && caption.trim() !== '');
    return new Map(captioned.map((figure) => [figure.panel.id, figure]));
  }

  /** The rank of the image under its caption, for each figure of a sample. */
  private async ranksBy(
    encoder: Encoder,
    figures: readonly SampledFigure[],
    reporter: Pick<WorkReporter, 'track'>,
  ): Promise<readonly number[]> {
    const { images, captions } = await reporter.track(
      `embedding a sample by ${encoder.model.name}`,
      figures.length,
      (at) => this.sample.embed(figures, encoder, at),
    );
    return rankPairs(captions, images).map(({ rank }) => rank);
  }
}

function compare(
  first: readonly number[],
  second: readonly number[],
  figures: readonly SampledFigure[],
): RetrievalComparison {
  const groups = figures.map(({ group }) => group);
  const paired = comparePaired(first.map(reciprocalRank), second.map(reciprocalRank), { seed, groups });
  if (paired === null) throw new Error('Expected captions to compare on');
  const { difference, pValue } = paired;
  return { captions: first.length, model: measured(first), against: measured(second), difference, pValue };
}

function measured(ranks: readonly number[]): CaptionRetrieval {
  const { recallAt1, recallAt10, meanReciprocalRank } = measureRanks(ranks, { seed });
  return { recallAt1, recallAt10, meanReciprocalRank };
}
