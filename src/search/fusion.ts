import type { PanelId } from '../domain/ids.js';
import type { Channel, Evidence, RankedPanel } from '../domain/search.js';
import type { FusionMethod } from './search-request.js';

export interface RankedList {
  readonly channel: Channel;
  /** Best first. */
  readonly panels: readonly RankedPanel[];
  /** How much the channel counts. */
  readonly weight: number;
}

export interface FusedPanel {
  readonly panelId: PanelId;
  readonly score: number;
  readonly evidence: readonly Evidence[];
}

type Points = (list: RankedList) => (panel: RankedPanel, rank: number) => number;

/**
 * One list from those of the channels. A panel that a list does not hold gets nothing from it.
 * @returns panels by descending score, ties by id so that answers are stable
 */
export function fuse(lists: readonly RankedList[], method: FusionMethod): readonly FusedPanel[] {
  return method === 'RECIPROCAL_RANK' ? fuseByRank(lists) : fusedBy(lists, normalisedScores);
}

/**
 * Cross-channel fusion by reciprocal rank: cosines of image and text vectors and BM25 live on different scales, their
 * ranks do not.
 * @param k smoothing constant; 60 in the paper
 * @throws {RangeError} k is not positive
 * Source: Cormack, Clarke and Büttcher, SIGIR 2009.
 */
export function fuseByRank(lists: readonly RankedList[], k = 60): readonly FusedPanel[] {
  if (k <= 0) throw new RangeError(`Expected k to be positive but received ${k}`);
  return fusedBy(lists, () => (_, rank) => 1 / (k + rank));
}

/** Scores of a list, from 0 for its worst to 1 for its best (min-max: Lee, SIGIR 1997). */
function normalisedScores({ panels }: RankedList): (panel: RankedPanel) => number {
  const best = panels[0]?.score ?? 0;
  const worst = panels.at(-1)?.score ?? 0;
  return ({ score }) => (best === worst ? 1 : (score - worst) / (best - worst));
}

function fusedBy(lists: readonly RankedList[], points: Points): readonly FusedPanel[] {
  const fused = new Map<PanelId, { score: number; evidence: Evidence[] }>();
  for (const list of lists) {
    const pointsOf = points(list);
    list.panels.forEach((panel, index) => {
      const entry = fused.get(panel.panelId) ?? { score: 0, evidence: [] };
      entry.score += list.weight * pointsOf(panel, index + 1);
      entry.evidence.push({ channel: list.channel, rank: index + 1, score: panel.score });
      fused.set(panel.panelId, entry);
    });
  }
  return [...fused]
    .map(([panelId, entry]) => ({ panelId, ...entry }))
    .sort((a, b) => b.score - a.score || (a.panelId < b.panelId ? -1 : 1));
}
