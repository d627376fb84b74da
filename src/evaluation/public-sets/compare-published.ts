import type { PublicSetName } from '../../domain/public-set.js';
import type { RetrievalFigures } from '../caption-pairs.js';
import type { ModalityFigures } from '../mask-overlap.js';
import type { Estimate } from '../statistics.js';
import type { TaskFigures } from './evaluate-set.js';
import { publishedValuesOf, type PublishedValue, type SetMeasure } from './published-values.js';

/** A measure of a set, with what is published of it. */
export interface ComparedMeasure {
  readonly measure: SetMeasure;
  readonly measured: Estimate;
  /** Images, pairs or masks that it was measured on. */
  readonly count: number;
  /** None where nothing is published that could be read. */
  readonly published: readonly PublishedValue[];
}

/** What was measured of a set. */
export interface MeasuredSet {
  readonly captionToImage: RetrievalFigures | null;
  readonly imageToCaption: RetrievalFigures | null;
  readonly zeroShot: readonly TaskFigures[];
  /** All masks together, then each modality. */
  readonly masks: readonly ModalityFigures[];
}

/** Each measure that the papers report, with the published values of the set. */
export function comparePublished(set: PublicSetName, measured: MeasuredSet): readonly ComparedMeasure[] {
  const published = publishedValuesOf(set);
  return [
    ...recalls('caption → image', measured.captionToImage),
    ...recalls('image → caption', measured.imageToCaption),
    ...measured.zeroShot.map(({ task, measures }) => ({
      measure: (task === null ? 'accuracy' : `accuracy (${task})`) as SetMeasure,
      ...{ measured: measures.accuracy, count: measures.images },
    })),
    ...measured.masks.map(({ modality, dice, masks }) => ({
      measure: `Dice (${modality ?? 'all'})` as const,
      ...{ measured: dice, count: masks },
    })),
  ].map((one) => ({ ...one, published: published.filter(({ measure }) => measure === one.measure) }));
}

function recalls(direction: 'caption → image' | 'image → caption', figures: RetrievalFigures | null) {
  if (figures === null) return [];
  const { queries: count, intervals } = figures;
  const depths = [
    [1, intervals.recallAt1],
    [5, intervals.recallAt5],
    [10, intervals.recallAt10],
  ] as const;
  return depths.flatMap(([k, measured]) =>
    measured === null ? [] : [{ measure: `${direction} R@${k}` as const, measured, count }],
  );
}

/** What a set was read with, for the remarks. */
export interface SetReading {
  readonly set: PublicSetName;
  /** Name of the package that was measured. */
  readonly model: string;
  /** Records that were asked for, and those of the part. */
  readonly taken: number;
  readonly total: number;
  readonly leftOut: number;
}

/** What a reader has to know before comparing: another model, a part of the set, another number of candidates. */
export function remarksOn(
  { set, model, taken, total, leftOut }: SetReading,
  compared: readonly ComparedMeasure[],
): readonly string[] {
  const published = compared.flatMap((one) => one.published);
  const models = [...new Set(published.map((one) => one.model.split(' ')[0] ?? one.model))];
  const namesake = models.find((name) => model.startsWith(name.toLowerCase()));
  const counts = compared.flatMap((one) =>
    one.published
      .filter(({ count }) => count !== one.count)
      .map(({ count, on }) => `${one.count} here, ${count} for ${on}`),
  );
  return [
    ...(models.length === 0 ? ['The papers give no value of this set that could be compared.'] : []),
    ...models.map((name) =>
      name === namesake
        ? `The package “${model}” is taken for ${name} by its name.`
        : `The published values belong to ${name}; measured was another model, the package “${model}”.`,
    ),
    ...(taken < total ? [`A subset was read: ${taken} of ${total} records, evenly spread.`] : []),
    ...(leftOut > 0 ? [`${leftOut} records were left out.`] : []),
    ...(counts.length > 0 ? [`The numbers of images or masks differ (${[...new Set(counts)].join('; ')}).`] : []),
    ...(setRemarks[set] ?? []),
  ];
}

const setRemarks: Partial<Record<PublicSetName, readonly string[]>> = {
  'pmc-split': [
    'R@k falls with the number of candidates: compare it only over as many pairs.',
    'Which articles the paper held out is not published: these may have been among those that BiomedCLIP was trained with.',
  ],
  pcam: ['The files do not say which patches are of one slide: the intervals are too narrow.'],
  lc25000: ['The images are changed copies of 1,250, and the files do not say of which: the intervals are too narrow.'],
  'rsna-pneumonia': ['The paper does not publish its parts of the set: here all labeled images are read.'],
  'biomedparse-test': [
    'Of several sentences for an object the first is asked; the authors draw one at random.',
    'The authors’ table covers 98,864 masks, the paper 102,855.',
  ],
};
