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
  const evidence = new Map<PanelId, Evidence[]>();
  const sums = new Map<PanelId, { readonly points: number; readonly signed: number }>();
  for (const list of lists) {
    const pointsOf = pointsIn(list);
    for (const [at, panel] of list.panels.entries()) {
      const { panelId, score } = panel;
      const told = evidence.get(panelId) ?? [];
      told.push({ channel: list.channel, rank: at + 1, score });
      evidence.set(panelId, told);
      const { points: before, signed } = sums.get(panelId) ?? { points: 0, signed: 0 };
      const given = list.weight * pointsOf(panel, at + 1);
      sums.set(panelId, { points: before + Math.max(0, given), signed: signed + given });
    }
  }
  return (
    [...evidence]
      .map(([panelId, told]) => {
        const { points: sum, signed } = sums.get(panelId) ?? { points: 0, signed: 0 };
        const score = meanScore(panelId, sum, lists);
        return { fused: { panelId, score, evidence: told, isMatch: null }, signed };
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
export function fuseByEvidence(lists: readonly RankedList[], evidence: ChannelPoints): readonly FusedPanel[] {
  const told = new Map<PanelId, { sum: number; isMatch: boolean; readonly evidence: Evidence[] }>();
  for (const { channel, panels, weight } of lists) {
    const factor = weight / defaultWeights[channel];
    for (const [at, { panelId, score }] of panels.entries()) {
      const panel = told.get(panelId) ?? { sum: 0, isMatch: false, evidence: [] };
      panel.sum += factor * evidence.points[channel](score);
      panel.isMatch ||= evidence.isMatch[channel](score);
      panel.evidence.push({ channel, rank: at + 1, score });
      told.set(panelId, panel);
    }
  }
  const sorted = [...told].sort(([a, one], [b, other]) => other.sum - one.sum || (a < b ? -1 : 1));
  const best = sorted[0]?.[1].sum ?? 0;
  return sorted.map(([panelId, panel]) => ({
    panelId,
    score: best > 0 ? Math.max(0, panel.sum / best) : 0,
    evidence: panel.evidence,
    isMatch: panel.isMatch,
  }));
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
