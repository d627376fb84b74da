/** What one object of an image type got: its probability map and how plausible that is. */
export interface Candidate {
  readonly target: string;
  /** float32 [pixels], 0..1; all candidates on one grid */
  readonly probabilities: Float32Array;
}

const inside = 0.5;
// Compared in float32, as the official code does.
const worthCounting = Math.fround(0.1);

/**
 * Leaves out candidates that lie on more plausible ones (inference_utils/inference.py, non_maxima_suppression): by
 * p-value, highest first, those that are empty or that one kept mask covers by more than half of their area.
 */
export function suppressCovered<One extends Candidate & { readonly pValue: number }>(
  candidates: readonly One[],
): readonly One[] {
  const kept: One[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.pValue - a.pValue)) {
    const area = candidate.probabilities.reduce((sum, value) => sum + Number(value > inside), 0);
    if (area === 0) continue;
    if (kept.every((other) => overlapOf(candidate.probabilities, other.probabilities) <= area / 2)) {
      kept.push(candidate);
    }
  }
  return kept;
}

function overlapOf(one: Float32Array, other: Float32Array): number {
  let count = 0;
  one.forEach((value, i) => {
    if (value > inside && (other[i] ?? 0) > inside) count += 1;
  });
  return count;
}

/**
 * Gives each pixel to one object (inference_utils/output_processing.py, combine_masks): objects that win less than half
 * of the pixels they claim are dropped, but for the most confident one; a pixel goes to the best of the others above 0.5.
 * @returns masks (1 inside) in the order given; none where nothing is given
 */
export function combine(
  candidates: readonly Candidate[],
): readonly { readonly target: string; readonly mask: Uint8Array }[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const pixels = first.probabilities.length;
  const claims = candidates.map(({ probabilities }) => claimOf(probabilities));
  const wins = candidates.map(() => 0);
  for (let i = 0; i < pixels; i++) {
    const winner = bestAt(candidates, i, worthCounting);
    if (winner !== null) wins[winner] = (wins[winner] ?? 0) + 1;
  }
  const surest = claims.reduce((best, claim, i) => (claim.mean > (claims[best]?.mean ?? 0) ? i : best), 0);
  const kept = candidates.filter((_, i) => i === surest || (wins[i] ?? 0) >= 0.5 * (claims[i]?.area ?? 0));
  const masks = kept.map(({ target }) => ({ target, mask: new Uint8Array(pixels) }));
  for (let i = 0; i < pixels; i++) {
    const winner = bestAt(kept, i, inside);
    const mask = winner === null ? undefined : masks[winner]?.mask;
    if (mask !== undefined) mask[i] = 1;
  }
  return masks;
}

function claimOf(probabilities: Float32Array): { readonly area: number; readonly mean: number } {
  let [area, sum] = [0, 0];
  for (const value of probabilities) {
    if (value > worthCounting) {
      area += 1;
      sum += value;
    }
  }
  return { area, mean: area === 0 ? 0 : sum / area };
}

/** The candidate with the highest probability above a limit at one pixel; of equal ones the first. */
function bestAt(candidates: readonly Candidate[], pixel: number, above: number): number | null {
  let best: number | null = null;
  let most = above;
  candidates.forEach(({ probabilities }, i) => {
    const value = probabilities[pixel] ?? 0;
    if (value > most) [most, best] = [value, i];
  });
  return best;
}
