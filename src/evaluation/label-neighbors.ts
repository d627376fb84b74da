import { dot } from '../domain/vector.js';
import { mean, ranking } from './retrieval-metrics.js';
import { estimateMean, type Estimate } from './statistics.js';

/** A labeled image. */
export interface LabeledImage {
  readonly id: string;
  /** What images of one article or patient share: they are too alike to be a test of each other. */
  readonly group: string;
  readonly labels: readonly string[];
  /** Unit length. */
  readonly vector: Float32Array;
}

interface LabelPrecision {
  readonly label: string;
  readonly images: number;
  /** Of the first ten images of other groups, the share with the label; of as many as have it, where these are fewer. */
  readonly precisionAt10: Estimate;
  /** The same in a random order. */
  readonly chance: number;
}

/** How well images are recognized by the labels of those that are nearest to them. */
export interface LabelNeighbors {
  readonly images: number;
  readonly labels: readonly LabelPrecision[];
  /** Share of images that have the label that most of the ten nearest images have. */
  readonly majorityVote: Estimate;
  /** What a vote for the most frequent label reaches. */
  readonly majorityChance: number;
}

/** What one image says as a query. */
export interface NeighborOutcome {
  readonly image: LabeledImage;
  /** Whether the vote is one of its labels. */
  readonly isRight: boolean;
  /** Share of the ten nearest, or of as many as there are, that have a label in common with it. */
  readonly precisionAt10: number;
}

const first = 10;

/** The ten nearest images of each image, those of its own group left out. Images without a label are compared, and ask nothing. */
export function measureLabelNeighbors(
  images: readonly LabeledImage[],
  seed: string,
): { readonly measures: LabelNeighbors | null; readonly outcomes: readonly NeighborOutcome[] } {
  const labeled = images.filter(({ labels }) => labels.length > 0);
  const found = labeled.flatMap((image) => {
    const others = images.filter(({ group }) => group !== image.group);
    const nearest = ranking(others.map(({ vector }) => dot(image.vector, vector))).flatMap((i) => others[i] ?? []);
    return others.length === 0 ? [] : [{ image, others, nearest: nearest.slice(0, first) }];
  });
  const outcomes = found.map(({ image, others, nearest }) => ({
    image,
    isRight: image.labels.includes(voteOf(nearest) ?? ''),
    precisionAt10:
      amongFirst({ others, nearest }, ({ labels }) => labels.some((label) => image.labels.includes(label))) ?? 0,
  }));
  const options = { seed, groups: outcomes.map(({ image }) => image.group) };
  const majorityVote = estimateMean(
    outcomes.map(({ isRight }) => Number(isRight)),
    options,
  );
  if (majorityVote === null) return { measures: null, outcomes };
  const most = voteOf(labeled);
  return {
    measures: {
      images: found.length,
      labels: labelsOf(labeled).flatMap((label) => precisionOf(label, found, seed)),
      majorityVote,
      majorityChance: mean(labeled.map(({ labels }) => Number(labels.includes(most ?? '')))) ?? 0,
    },
    outcomes,
  };
}

interface Found {
  readonly image: LabeledImage;
  readonly others: readonly LabeledImage[];
  readonly nearest: readonly LabeledImage[];
}

function precisionOf(label: string, found: readonly Found[], seed: string): readonly LabelPrecision[] {
  const has = ({ labels }: LabeledImage): boolean => labels.includes(label);
  const asked = found.filter(({ image, others }) => has(image) && others.some(has));
  const precisionAt10 = estimateMean(
    asked.map((one) => amongFirst(one, has) ?? 0),
    { seed, groups: asked.map(({ image }) => image.group) },
  );
  if (precisionAt10 === null) return [];
  const chance = mean(asked.map(({ others }) => chanceAmongFirst(others, has))) ?? 0;
  return [{ label, images: asked.length, precisionAt10, chance }];
}

/** Null where none of the others is right. */
function amongFirst(
  { others, nearest }: Pick<Found, 'others' | 'nearest'>,
  isRight: (image: LabeledImage) => boolean,
): number | null {
  const possible = Math.min(first, others.filter(isRight).length);
  return possible === 0 ? null : nearest.filter(isRight).length / possible;
}

/** @param others of which one is right at least */
function chanceAmongFirst(others: readonly LabeledImage[], isRight: (image: LabeledImage) => boolean): number {
  const right = others.filter(isRight).length;
  return ((right / others.length) * Math.min(first, others.length)) / Math.min(first, right);
}

/** The label that most images have; of two the one that the nearest image with either has. Null where none has any. */
function voteOf(images: readonly LabeledImage[]): string | null {
  const votes = new Map<string, number>();
  for (const { labels } of images) for (const label of new Set(labels)) votes.set(label, (votes.get(label) ?? 0) + 1);
  // Stable: the one that was met first stays before its equals.
  return [...votes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

/** Labels, the most frequent first. */
function labelsOf(images: readonly LabeledImage[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { labels } of images) for (const label of new Set(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([label]) => label);
}
