import type { PanelId } from '../domain/ids.js';
import { byScore, type Channel, type Evidence, type RankedPanel } from '../domain/search.js';
import { defaultWeights, type FusionMethod } from './search-request.js';
import type { ChannelPoints } from './text-evidence.js';

export interface RankedList {
  readonly channel: Channel;
  /** Best first. */
  readonly panels: readonly RankedPanel[];
  /** How much the channel counts. */
  readonly weight: number;
  /** What an unrelated panel scores: the mean of the corpus for cosines, 0 for BM25. */
  readonly base: number;
  /** Whether the channel can say anything of a panel: without a caption there is none to compare. */
  readonly appliesTo: (panelId: PanelId) => boolean;
}

export interface FusedPanel {
  readonly panelId: PanelId;
  /** 0..1 */
  readonly score: number;
  readonly evidence: readonly Evidence[];
  /** Whether it fits the query, and is not only nearer to it than others; null where no rule tells. */
  readonly isMatch: boolean | null;
}

/** Gives each panel of a list its points: 1 for the first; below 0 for one that is less like the query than an unrelated one. */
type Points = (list: RankedList) => (panel: RankedPanel, rank: number) => number;

/** From the paper. */
const smoothing = 60;
/** A channel that does not apply to a panel is taken to agree with the others, a little less. */
const agreement = 0.75;

/**
 * One list from those of the channels: the weighted mean of what each channel gives a panel. Where a channel applies and
 * does not name the panel, it gives nothing; where it cannot apply, the others speak for it, discounted. Without that a
 * figure without a caption would always stand behind those with one.
 *
 * RECIPROCAL_RANK: by 1 / (60 + rank), scaled to 1 for the first (Cormack, Clarke and Büttcher, SIGIR 2009).
 * WEIGHTED_SCORES: by the score itself, from 0 for an unrelated panel to 1 for the channel's best. docs/search.md has the
 * measurement that chose methods and constants.
 * @returns panels by descending score, ties by id so that answers are stable
 */
export function fuse(lists: readonly RankedList[], method: FusionMethod): readonly FusedPanel[] {
  const pointsIn = method === 'RECIPROCAL_RANK' ? reciprocalRank : normalizedScore;
  const collected = collect(lists, (list) => {
    const pointsOf = pointsIn(list);
    return (panel, rank) => list.weight * pointsOf(panel, rank);
  });
  return (
    [...collected]
      .map(([panelId, { points, signed, evidence }]) => {
        const score = meanScore(panelId, points, lists);
        return { fused: { panelId, score, evidence, isMatch: null }, signed };
      })
      // What has no points at all still has an order: a list to its last page would end in one by ids.
      .sort((a, b) => b.fused.score - a.fused.score || b.signed - a.signed || byScore(a.fused, b.fused))
      .map(({ fused }) => fused)
  );
}

/**
 * One list from those of the channels for a text: the sum of what each channel says for a panel, as a share of the best sum.
 * A channel counts as much as its weight is of its default.
 * @returns panels by descending score, ties by id
 */
export function fuseByEvidence(
  lists: readonly RankedList[],
  { points, isMatch }: ChannelPoints,
): readonly FusedPanel[] {
  const collected = collect(lists, ({ channel, weight }) => {
    const factor = weight / defaultWeights[channel];
    return ({ score }) => factor * points[channel](score);
  });
  const sorted = [...collected].sort(([a, one], [b, other]) => other.signed - one.signed || (a < b ? -1 : 1));
  const best = sorted[0]?.[1].signed ?? 0;
  return sorted.map(([panelId, { signed, evidence }]) => ({
    panelId,
    score: best > 0 ? Math.max(0, signed / best) : 0,
    evidence,
    isMatch: evidence.some(({ channel, score }) => isMatch[channel](score)),
  }));
}

/** What all lists give a panel. */
interface Collected {
  /** Sum of what is above 0. */
  points: number;
  /** Sum of all. */
  signed: number;
  readonly evidence: Evidence[];
}

function collect(lists: readonly RankedList[], pointsIn: Points): ReadonlyMap<PanelId, Collected> {
  const panels = new Map<PanelId, Collected>();
  for (const list of lists) {
    const pointsOf = pointsIn(list);
    for (const [at, panel] of list.panels.entries()) {
      const collected = panels.get(panel.panelId) ?? { points: 0, signed: 0, evidence: [] };
      const given = pointsOf(panel, at + 1);
      collected.points += Math.max(0, given);
      collected.signed += given;
      collected.evidence.push({ channel: list.channel, rank: at + 1, score: panel.score });
      panels.set(panel.panelId, collected);
    }
  }
  return panels;
}

function meanScore(panelId: PanelId, sum: number, lists: readonly RankedList[]): number {
  let all = 0;
  let applying = 0;
  for (const { weight, appliesTo } of lists) {
    all += weight;
    if (appliesTo(panelId)) applying += weight;
  }
  if (applying === 0) return 0;
  const mean = sum / applying;
  return (sum + agreement * (all - applying) * mean) / all;
}

const reciprocalRank: Points = () => (_, rank) => (smoothing + 1) / (smoothing + rank);

const normalizedScore: Points = ({ panels, base }) => {
  const range = (panels[0]?.score ?? 0) - base;
  return ({ score }) => (range > 0 ? (score - base) / range : 1);
};
