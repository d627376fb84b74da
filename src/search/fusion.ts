import type { PanelId } from '../domain/ids.js';
import type { Channel, Evidence, RankedPanel } from '../domain/search.js';

export interface RankedList {
  readonly channel: Channel;
  /** Best first. */
  readonly panels: readonly RankedPanel[];
}

export interface FusedPanel {
  readonly panelId: PanelId;
  readonly score: number;
  readonly evidence: readonly Evidence[];
}

/**
 * Cross-channel fusion by reciprocal rank: cosines of image and text vectors and BM25 live on different scales, their
 * ranks do not.
 * @param lists one ranked list a channel; a panel may be missing from a list
 * @param k smoothing constant; 60 in the paper
 * @returns panels by descending score, ties by id so that answers are stable
 * @throws {RangeError} k is not positive
 * Source: Cormack, Clarke and Büttcher, SIGIR 2009.
 */
export function fuseByRank(lists: readonly RankedList[], k = 60): readonly FusedPanel[] {
  if (k <= 0) throw new RangeError(`Expected k to be positive but received ${k}`);
  const fused = new Map<PanelId, { score: number; evidence: Evidence[] }>();
  for (const { channel, panels } of lists) {
    panels.forEach(({ panelId, score }, index) => {
      const entry = fused.get(panelId) ?? { score: 0, evidence: [] };
      entry.score += 1 / (k + index + 1);
      entry.evidence.push({ channel, rank: index + 1, score });
      fused.set(panelId, entry);
    });
  }
  return [...fused]
    .map(([panelId, entry]) => ({ panelId, ...entry }))
    .sort((a, b) => b.score - a.score || (a.panelId < b.panelId ? -1 : 1));
}
