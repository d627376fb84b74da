import type { Expansion } from './text/synonyms.js';
import type { FigureId, PanelId } from './ids.js';

/** A kind of evidence. IMAGE and CAPTION compare vectors; KEYWORD is BM25 over the words. */
export type Channel = 'IMAGE' | 'CAPTION' | 'KEYWORD';

export const allChannels: readonly Channel[] = ['IMAGE', 'CAPTION', 'KEYWORD'];

/** What a vector was made from; the vectors of one kind share one index. */
export type VectorKind = 'IMAGE' | 'CAPTION';

export const vectorKinds: readonly VectorKind[] = ['IMAGE', 'CAPTION'];

/** One channel's answer: panels, best first. `score` is the cosine, or BM25 for KEYWORD: higher is better. */
export interface RankedPanel {
  readonly panelId: PanelId;
  readonly score: number;
}

/** For sorting: best first, ties by id so that answers are stable. */
export function byScore(a: RankedPanel, b: RankedPanel): number {
  return b.score - a.score || (a.panelId < b.panelId ? -1 : 1);
}

/** A panel as an index names it: what fusion and the collapsing of duplicates need, without a look into the store. */
export interface IndexedPanel {
  readonly panelId: PanelId;
  readonly figureId: FigureId;
  /** Equal for two panels exactly where they are parts of one image file. */
  readonly imageKey: string;
}

/** What one channel said of a hit; ranks count from 1. */
export interface Evidence {
  readonly channel: Channel;
  readonly rank: number;
  readonly score: number;
}

export interface Hit {
  readonly rank: number;
  /** Fused score, only comparable inside one answer. */
  readonly score: number;
  readonly figureId: FigureId;
  readonly panelId: PanelId;
  readonly evidence: readonly Evidence[];
  /** Whether it fits the query, and is not only nearer to it than others; null where no rule tells. */
  readonly isMatch: boolean | null;
}

/** How the answer was made; times in milliseconds. */
export interface SearchInfo {
  readonly model: string;
  readonly generation: string;
  readonly exact: boolean;
  /** Distinct panels that any channel named. */
  readonly candidates: number;
  /** How many of the ranked figures fit the query, and are not only nearer to it than others; null where no rule tells. */
  readonly matches: number | null;
  /** Figures that match: all that the filter allows where vectors are compared, those with the words where only words are. */
  readonly total: number;
  /** Else fewer may match. */
  readonly totalIsExact: boolean;
  /** Where no figure holds what the query requires: its words without conditions, for a search that finds by meaning. */
  readonly unconstrainedText: string | null;
  /** Words of the query with others that were looked for as well. */
  readonly expansions: readonly Pick<Expansion, 'words' | 'synonyms'>[];
  readonly embedMs: number;
  readonly searchMs: number;
  readonly fetchMs: number;
}
