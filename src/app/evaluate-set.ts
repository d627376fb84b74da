import { openPublicSet } from '../adapters/sources/sets/open-set.js';
import type { OpenedImages, OpenedMasks, PublicSetName, SetRequest, SetSplit } from '../domain/public-set.js';
import type { LeftOut } from '../evaluation/embed-records.js';
import {
  comparePublished,
  remarksOn,
  type ComparedMeasure,
  type MeasuredSet,
} from '../evaluation/public-sets/compare-published.js';
import { evaluateSet } from '../evaluation/public-sets/evaluate-set.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { Config } from './config.js';
import { withEncoder } from './encoder-context.js';
import { evaluateMasks, type MaskEvaluation } from './evaluate-masks.js';

export interface SetEvaluationOptions extends SetRequest {
  /** Where the set lies. */
  readonly folder: string;
  readonly set: PublicSetName;
  readonly seed: string;
}

/** What was measured on a public set, beside what is published. */
export interface SetEvaluation extends Omit<MeasuredSet, 'masks'> {
  readonly set: PublicSetName;
  /** The package that was measured: an encoder, or a segmenter where the set has masks. */
  readonly model: string;
  /** Files and folders that were read. */
  readonly layout: string;
  readonly split: SetSplit | null;
  /** Records of the part. */
  readonly total: number;
  /** Those that were read. */
  readonly records: number;
  readonly leftOut: readonly LeftOut[];
  /** Null for a set without masks. */
  readonly masks: MaskEvaluation | null;
  readonly compared: readonly ComparedMeasure[];
  /** What has to be known before measured and published values are compared. */
  readonly remarks: readonly string[];
}

type Measured = Omit<SetEvaluation, 'compared' | 'remarks'>;

/**
 * Measures the configured model, or the configured segmenter, on a public set in its published layout.
 * @throws {FigseekError} as `openPublicSet`
 */
export async function evaluatePublicSet(
  config: Config,
  { folder, set, seed, ...request }: SetEvaluationOptions,
  reporter: Pick<WorkReporter, 'track'>,
): Promise<SetEvaluation> {
  // What cannot be opened is told before a model is loaded.
  const opened = await openPublicSet(folder, set, request);
  const { layout, split, total } = opened;
  const taken = Math.min(total, request.limit ?? total);
  const what = { set, layout, split, total };
  const measured: Measured = {
    ...what,
    ...(opened.kind === 'masks'
      ? await measureMaskSet(config, opened, seed, reporter)
      : await measureImages(config, opened, { set, seed, taken }, reporter)),
  };
  const compared = comparePublished(set, { ...measured, masks: measured.masks?.modalities ?? [] });
  const reading = { set, model: measured.model, taken, total, leftOut: measured.leftOut.length };
  return { ...measured, compared, remarks: remarksOn(reading, compared) };
}

type OfModel = Omit<Measured, 'set' | 'layout' | 'split' | 'total'>;

async function measureImages(
  config: Config,
  { items, groupOf }: OpenedImages,
  { set, seed, taken }: { readonly set: PublicSetName; readonly seed: string; readonly taken: number },
  reporter: Pick<WorkReporter, 'track'>,
): Promise<OfModel> {
  return withEncoder(config, (encoder, reader) =>
    reporter.track('evaluating', taken, async (at) => {
      const figures = await evaluateSet(encoder, items, { set, seed, groupOf, reader, onProgress: at });
      return { model: encoder.model.name, ...figures, masks: null };
    }),
  );
}

async function measureMaskSet(
  config: Config,
  { records, readFile }: OpenedMasks,
  seed: string,
  reporter: Pick<WorkReporter, 'track'>,
): Promise<OfModel> {
  // BiomedParse takes each pixel that is not black as inside.
  const masks = await evaluateMasks(config, records, { readFile, seed, insideAbove: 0 }, reporter);
  return {
    ...{ model: masks.segmenter, records: records.length - masks.leftOut.length, leftOut: masks.leftOut },
    ...{ captionToImage: null, imageToCaption: null, zeroShot: [], masks },
  };
}
