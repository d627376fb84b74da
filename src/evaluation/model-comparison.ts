import type { Cosines, ModelComparison } from '../domain/model-comparison.js';
import { dot } from '../domain/vector.js';

/** Unit vectors of a sample by one model: images, and captions of those that have one. */
export interface SampleVectors {
  readonly images: readonly Float32Array[];
  readonly captions: readonly Float32Array[];
}

/** How many answers are held against each other. */
const best = 10;
/** Scores nearer than this are equal: copies of a figure may come in any order. */
const equalScores = 1e-6;

/** Two models over one sample. @param reference the vectors that count as right */
export function compareModels(reference: SampleVectors, other: SampleVectors): ModelComparison {
  const overlaps = [
    ...reference.captions.map((query, row) => overlapOf(reference, other, [query, other.captions[row]], null)),
    ...reference.images.map((query, row) => overlapOf(reference, other, [query, other.images[row]], row)),
  ];
  return {
    figures: reference.images.length,
    images: cosines(reference.images, other.images),
    captions: reference.captions.length === 0 ? null : cosines(reference.captions, other.captions),
    overlap: meanOf(overlaps),
  };
}

function cosines(reference: readonly Float32Array[], other: readonly Float32Array[]): Cosines {
  const values = reference.map((vector, row) => dot(vector, other[row] ?? new Float32Array()));
  return { mean: meanOf(values), least: Math.min(...values) };
}

/** The query is given as each of the two models embeds it. @param self the row that is the query itself, and no answer to it */
function overlapOf(
  reference: SampleVectors,
  other: SampleVectors,
  [query, otherQuery]: readonly [Float32Array, Float32Array | undefined],
  self: number | null,
): number {
  const right = scores(reference.images, query, self);
  const given = scores(other.images, otherQuery ?? new Float32Array(), self);
  const rows = [...right.keys()];
  const limit = rows.map((row) => right[row] ?? 0).sort((a, b) => b - a)[best - 1] ?? -Infinity;
  const named = rows.sort((a, b) => (given[b] ?? 0) - (given[a] ?? 0)).slice(0, best);
  return named.filter((row) => (right[row] ?? 0) >= limit - equalScores).length / named.length;
}

function scores(images: readonly Float32Array[], query: Float32Array, self: number | null): readonly number[] {
  return images.map((image, row) => (row === self ? -Infinity : dot(query, image)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
