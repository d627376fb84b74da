export interface BestPanel {
  readonly panel: number;
  readonly score: number;
}

/** The `k` panels with the highest scores, best first; of equal ones those with the lower numbers. */
export function selectBest(panels: Uint32Array, scores: Float64Array, k: number): readonly BestPanel[] {
  const best: BestPanel[] = [];
  let worst = -Infinity;
  for (let at = 0; at < panels.length; at++) {
    const score = scores[at] ?? 0;
    if (best.length >= k && score < worst) continue;
    best.push({ panel: panels[at] ?? 0, score });
    // Cut back only now and then: sorting at each one would cost more than the scan.
    if (best.length >= 2 * k + 16) worst = cut(best, k);
  }
  cut(best, k);
  return best;
}

function cut(best: BestPanel[], k: number): number {
  best.sort((one, other) => other.score - one.score || one.panel - other.panel);
  best.length = Math.min(best.length, k);
  return best.length === k ? (best.at(-1)?.score ?? -Infinity) : -Infinity;
}
