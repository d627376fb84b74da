import type { PublicSetName } from '../../domain/public-set.js';

/** What is measured, as measured and published values name it. */
export type SetMeasure =
  | `${'caption → image' | 'image → caption'} R@${1 | 5 | 10}`
  | `accuracy${'' | ' (lung)' | ' (colon)'}`
  | `Dice (${string})`;

/** A value that a paper, or its authors' own repository, gives. */
export interface PublishedValue {
  readonly measure: SetMeasure;
  /** 0..1 */
  readonly value: number;
  /** `above` where the text says “over 56 %”. */
  readonly bound: 'exact' | 'above';
  /** The model that it belongs to. */
  readonly model: string;
  /** Paper, with the table or the passage. */
  readonly source: string;
  /** What it was measured on. */
  readonly on: string;
  /** How many images, pairs or masks these were. */
  readonly count: number;
}

const clip = 'BiomedCLIP (ViT-B/16, 224 px)';
const clipPaper = 'Zhang et al., NEJM AI 2025 (arXiv 2303.00915)';

function accuracy(measure: SetMeasure, share: number, on: string, count: number): PublishedValue {
  const source = `${clipPaper}, Supplementary Table 5; size of the set: Table 1`;
  return { measure, value: share, bound: 'exact', model: clip, source, on, count };
}

/** The text says it of retrieval, and names no direction. */
function overTestPairs(k: 1 | 5, share: number): readonly PublishedValue[] {
  const source = `${clipPaper}, Results, “accurate cross-modal retrieval”, which names no direction`;
  const on = 'the held-out test pairs of PMC-15M';
  return (['caption → image', 'image → caption'] as const).map((direction) => ({
    ...{ measure: `${direction} R@${k}` as const, value: share, bound: 'above' as const },
    ...{ model: 'BiomedCLIP', source, on, count: 725_739 },
  }));
}

function overValidationPairs(direction: 'caption → image' | 'image → caption', share: number): PublishedValue {
  const source = `${clipPaper}, Supplementary Table 8; size of the set: Table 1`;
  const on = 'the validation pairs of PMC-15M';
  return { measure: `${direction} R@1`, value: share, bound: 'exact', model: clip, source, on, count: 13_600 };
}

const parsePaper = 'Zhao et al., Nature Methods 22, 2025 (arXiv 2405.12971)';

/** @param tasks pairs of an object and a place over which the authors give a mean each */
function dice(modality: string, share: number, tasks: number, count: number): PublishedValue {
  return {
    ...{ measure: `Dice (${modality})`, value: share, bound: 'exact', model: 'BiomedParse' },
    source: `${parsePaper}, its repository microsoft/BiomedParse: figures/results/all_eval/all_metrics_mean.csv, mean over ${tasks} tasks weighted by their masks`,
    on: `the test masks of BiomedParseData, ${modality}`,
    count,
  };
}

/**
 * Published values that stand in a text or a table. What the papers show in figures alone (R@10 of BiomedCLIP, and its values for
 * each direction on the test pairs) is left out, and so is ROCOv2, which the papers do not measure on.
 */
const values: Readonly<Record<PublicSetName, readonly PublishedValue[]>> = {
  'pmc-split': [
    ...overTestPairs(1, 0.56),
    ...overTestPairs(5, 0.77),
    overValidationPairs('image → caption', 0.829),
    overValidationPairs('caption → image', 0.8186),
  ],
  rocov2: [],
  pcam: [accuracy('accuracy', 0.7341, 'the test part of PCam', 32_768)],
  lc25000: [
    accuracy('accuracy (lung)', 0.6523, 'all lung images of LC25000', 15_000),
    accuracy('accuracy (colon)', 0.9298, 'all colon images of LC25000', 10_000),
  ],
  'rsna-pneumonia': [accuracy('accuracy', 0.7895, 'a test part that is not published', 9_069)],
  'biomedparse-test': [
    dice('all', 0.872, 112, 98_864),
    dice('CT', 0.8637, 27, 41_315),
    dice('MRI', 0.8829, 22, 7_935),
    dice('MRI-FLAIR', 0.8318, 5, 12_341),
    dice('MRI-T1-Gd', 0.7783, 3, 10_406),
    dice('MRI-T2', 0.8079, 2, 154),
    dice('MRI-ADC', 0.6685, 2, 154),
    dice('X-Ray', 0.9767, 12, 13_840),
    dice('pathology', 0.7565, 24, 977),
    dice('ultrasound', 0.9103, 7, 10_184),
    dice('endoscope', 0.9262, 3, 410),
    dice('fundus', 0.894, 2, 800),
    dice('dermoscopy', 0.9437, 2, 65),
    dice('OCT', 0.8663, 1, 283),
  ],
};

export function publishedValuesOf(set: PublicSetName): readonly PublishedValue[] {
  return values[set];
}
