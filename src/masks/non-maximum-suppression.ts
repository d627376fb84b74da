/** The probabilities that a segmenter gives for one object of an image type. */
export interface Candidate {
  /** float32 [pixels], 0..1; all candidates on one grid */
  readonly probabilities: Float32Array;
}

/** A probability above it lies inside a mask. */
export const inside = 0.5;
// Compared in float32, as the official code does.
const worthCounting = Math.fround(0.1);
/** The place of a map is stored as a byte. */
const maxMaps = 255;

/**
 * Leaves out candidates that lie on more plausible ones (inference_utils/inference.py, non_maxima_suppression): by
 * p-value, highest first, those that are empty or that one kept mask covers by more than half of their area.
 */
export function suppressOverlapping<One extends Candidate & { readonly pValue: number }>(
  candidates: readonly One[],
): readonly One[] {
  const kept: One[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.pValue - a.pValue)) {
    const area = candidate.probabilities.reduce((sum, value) => sum + Number(value > inside), 0);
    if (area === 0) continue;
    if (kept.every((other) => countOverlap(candidate.probabilities, other.probabilities) <= area / 2)) {
      kept.push(candidate);
    }
  }
  return kept;
}

function countOverlap(one: Float32Array, other: Float32Array): number {
  let count = 0;
  one.forEach((value, i) => {
    if (value > inside && (other[i] ?? 0) > inside) count += 1;
  });
  return count;
}

/**
 * Leaves out objects that win less than half of the pixels they claim, but for the most confident one
 * (inference_utils/output_processing.py, combine_masks, its first half).
 * @returns in the order given
 */
export function keptTogether<One extends Candidate>(candidates: readonly One[]): readonly One[] {
  const maps = candidates.map(({ probabilities }) => probabilities);
  const claims = maps.map(measureClaim);
  const wins = new Map<number, number>();
  for (const winner of winners(maps, worthCounting)) wins.set(winner, (wins.get(winner) ?? 0) + 1);
  const surest = claims.reduce((best, claim, i) => (claim.mean > (claims[best]?.mean ?? 0) ? i : best), 0);
  return candidates.filter((_, i) => i === surest || (wins.get(i + 1) ?? 0) >= 0.5 * (claims[i]?.area ?? 0));
}

/**
 * Gives each pixel to the map with the highest value there, of equal ones to the first (combine_masks, its second half).
 * @param maps float32 [pixels] each; read one after the other, so that they need not be in memory together
 * @param above what a value must exceed: `inside` for probabilities, 0 for logits
 * @returns for each pixel the place of its map, from 1; 0 where none is above
 */
export function winners(maps: Iterable<Float32Array>, above: number): Uint8Array {
  let best = new Float32Array();
  let places = new Uint8Array();
  let place = 0;
  for (const map of maps) {
    place += 1;
    if (place > maxMaps) throw new RangeError(`Expected at most ${maxMaps} maps`);
    if (place === 1) [best, places] = [new Float32Array(map.length).fill(above), new Uint8Array(map.length)];
    for (let i = 0; i < map.length; i++) {
      const value = map[i] ?? 0;
      if (value > (best[i] ?? 0)) [best[i], places[i]] = [value, place];
    }
  }
  return places;
}

function measureClaim(probabilities: Float32Array): { readonly area: number; readonly mean: number } {
  let [area, sum] = [0, 0];
  for (const value of probabilities) {
    if (value > worthCounting) {
      area += 1;
      sum += value;
    }
  }
  return { area, mean: area === 0 ? 0 : sum / area };
}
