import type { PanelId } from '../domain/ids.js';
import { byScore, type Channel, type IndexedPanel, type RankedPanel, type VectorKind } from '../domain/search.js';
import type { CorpusState } from '../domain/corpus-state.js';
import { allowsAll, type FigureScope } from '../domain/figure-scope.js';
import type { KeywordIndex, KeywordQuery } from '../ports/keyword-index.js';
import type { VectorIndex } from '../ports/vector-index.js';
import type { ComposedQuery } from './composition.js';
import { fuse, fuseByEvidence, type FusedPanel, type RankedList } from './fusion.js';
import { defaultWeights, type FusionMethod } from './search-request.js';
import { evidenceOfText, type ChannelPoints } from './text-evidence.js';
import { clusterSize, type NoiseLevel } from './text-noise.js';

/** What each channel is asked; null: it does not apply. */
export interface ChannelQueries {
  readonly IMAGE: ComposedQuery | null;
  readonly CAPTION: ComposedQuery | null;
  readonly KEYWORD: readonly KeywordTerm[] | null;
  /** For a query of one text: how near images come to texts that mean nothing. Null: the channels are joined by `fuse`. */
  readonly textNoise: NoiseLevel | null;
}

export type KeywordTerm = Pick<KeywordQuery, 'text' | 'expansions'> & { readonly weight: number };

export interface RankingOptions {
  /** How many panels each channel names. */
  readonly depth: number;
  readonly exact: boolean;
  readonly scope: FigureScope;
  /** What was committed up to here can be found. */
  readonly asOf: CorpusState;
  readonly fusion: FusionMethod;
  readonly weights: Readonly<Partial<Record<Channel, number>>>;
  readonly signal: AbortSignal | undefined;
}

export interface Ranking {
  /** Best first. */
  readonly panels: readonly (IndexedPanel & FusedPanel)[];
  /** Whether every vector that the filter allows was compared. */
  readonly exact: boolean;
  /** Whether a channel had more to name than `depth`: then a deeper ranking may hold more panels. */
  readonly truncated: boolean;
}

interface ChannelAnswer {
  readonly channel: Channel;
  readonly panels: readonly (IndexedPanel & RankedPanel)[];
  readonly exact: boolean;
  /** Whether the channel may know more than it named. */
  readonly truncated: boolean;
}

/** Asks the channels for candidates, scores every candidate in every channel, and fuses the lists. */
export class Ranker {
  constructor(
    private readonly index: VectorIndex,
    private readonly keywords: KeywordIndex,
  ) {}

  async rank(queries: ChannelQueries, options: RankingOptions): Promise<Ranking> {
    const asked = await Promise.all([
      this.retrieveByVector('IMAGE', queries.IMAGE, options),
      this.retrieveByVector('CAPTION', queries.CAPTION, options),
      this.retrieveByKeyword(queries.KEYWORD, options),
    ]);
    const answers = asked.filter((answer) => answer !== null);
    const named = new Map(answers.flatMap(({ panels }) => panels.map((panel) => [panel.panelId, panel])));
    const fusedPanels = await this.fused(answers, [...named.keys()], queries, options);
    return {
      panels: fusedPanels.flatMap((fused) => {
        const panel = named.get(fused.panelId);
        if (panel === undefined) return [];
        const { panelId, figureId, imageKey } = panel;
        const { score, evidence, isMatch } = fused;
        return [{ panelId, figureId, imageKey, score, evidence, isMatch }];
      }),
      exact: answers.every(({ exact }) => exact),
      truncated: answers.some(({ truncated }) => truncated),
    };
  }

  private async fused(
    answers: readonly ChannelAnswer[],
    named: readonly PanelId[],
    queries: ChannelQueries,
    options: RankingOptions,
  ): Promise<readonly FusedPanel[]> {
    const single = this.singleListOf(answers, queries, options);
    if (single !== null) return fuse(single, options.fusion);
    const [lists, evidence] = await Promise.all([
      this.scoreMissing(answers, named, queries, options),
      this.evidence(answers, queries, options),
    ]);
    return evidence === null ? fuse(lists, options.fusion) : fuseByEvidence(lists, evidence);
  }

  /** Null where the channels are joined without knowing what unrelated panels score. */
  private async evidence(
    answers: readonly ChannelAnswer[],
    { IMAGE, CAPTION, KEYWORD, textNoise }: ChannelQueries,
    options: RankingOptions,
  ): Promise<ChannelPoints | null> {
    if (textNoise === null) return null;
    const [text] = KEYWORD ?? [];
    const none = { words: 0, total: 0 };
    const [information, nearestImage] = await Promise.all([
      text === undefined ? none : this.keywords.information({ ...text, asOf: options.asOf }),
      this.nearestImage(IMAGE, answers, options),
    ]);
    const words = answers.find(({ channel }) => channel === 'KEYWORD');
    return evidenceOfText({
      nearestImage,
      backgrounds: { IMAGE: IMAGE?.background() ?? null, CAPTION: CAPTION?.background() ?? null },
      noise: textNoise,
      bestWords: words?.panels[0]?.score ?? 0,
      information,
    });
  }

  /** The cosine of the tenth nearest image of the whole corpus: a filter does not change whether images say something. */
  private async nearestImage(
    query: ComposedQuery | null,
    answers: readonly ChannelAnswer[],
    { scope, asOf, signal }: RankingOptions,
  ): Promise<number | null> {
    if (query === null) return null;
    const asked = answers.find(({ channel }) => channel === 'IMAGE')?.panels ?? [];
    const panels = allowsAll(scope)
      ? asked.slice(0, clusterSize)
      : (await this.index.search('IMAGE', query.vector, { k: clusterSize, asOf, signal })).panels;
    return panels.at(-1)?.score ?? null;
  }

  private async retrieveByVector(
    kind: VectorKind,
    query: ComposedQuery | null,
    { depth, exact, scope, asOf, signal }: RankingOptions,
  ): Promise<ChannelAnswer | null> {
    if (query === null) return null;
    // A composed score orders otherwise than the combined vector: its candidates are taken from a wider circle.
    const k = query.isSingleTerm ? depth : 2 * depth;
    const answer = await this.index.search(kind, query.vector, { k, exact, scope, asOf, signal });
    return { channel: kind, ...answer, truncated: answer.panels.length >= k };
  }

  private async retrieveByKeyword(
    terms: readonly KeywordTerm[] | null,
    { depth, scope, asOf }: RankingOptions,
  ): Promise<ChannelAnswer | null> {
    if (terms === null) return null;
    const wanted = terms.filter(({ weight }) => weight > 0);
    const lists = await Promise.all(
      wanted.map(({ text, expansions }) => this.keywords.search({ text, expansions, scope, asOf }, depth)),
    );
    const truncated = lists.some((list) => list.length >= depth);
    return { channel: 'KEYWORD', panels: lists.flat(), exact: true, truncated };
  }

  /** A single channel with one term has nothing to complete: its own order and scores are the answer. */
  private singleListOf(
    answers: readonly ChannelAnswer[],
    queries: ChannelQueries,
    { weights }: RankingOptions,
  ): readonly RankedList[] | null {
    const [only] = answers;
    if (only === undefined || answers.length > 1) return null;
    const { channel, panels } = only;
    const query = channel === 'KEYWORD' ? null : queries[channel];
    if (query === null ? (queries.KEYWORD?.length ?? 0) > 1 : !query.isSingleTerm) return null;
    const weight = weights[channel] ?? defaultWeights[channel];
    return [{ channel, panels, weight, base: query?.base ?? 0, appliesTo: () => true }];
  }

  /**
   * Each list with every candidate that any channel named: what one list lacks is scored exactly from its stored vector
   * or its words. A panel without a caption, or without the words, stays out of that list.
   */
  private async scoreMissing(
    answers: readonly ChannelAnswer[],
    named: readonly PanelId[],
    queries: ChannelQueries,
    options: RankingOptions,
  ): Promise<readonly RankedList[]> {
    return Promise.all(
      answers.map(async (answer): Promise<RankedList> => {
        const { channel } = answer;
        const weight = options.weights[channel] ?? defaultWeights[channel];
        if (channel === 'KEYWORD') {
          const [panels, captioned] = await Promise.all([
            this.keywordScores(queries.KEYWORD ?? [], answer, named, options),
            this.index.panelsWith('CAPTION', named),
          ]);
          const holdsWords = new Set(panels.map(({ panelId }) => panelId));
          return { channel, panels, weight, base: 0, appliesTo: (id) => holdsWords.has(id) || captioned.has(id) };
        }
        const query = queries[channel];
        const panels = query === null ? [] : await this.vectorScores(channel, query, answer, named);
        const hasVector = new Set(panels.map(({ panelId }) => panelId));
        return { channel, panels, weight, base: query?.base ?? 0, appliesTo: (id) => hasVector.has(id) };
      }),
    );
  }

  private async vectorScores(
    kind: VectorKind,
    query: ComposedQuery,
    answer: ChannelAnswer,
    named: readonly PanelId[],
  ): Promise<readonly RankedPanel[]> {
    // Of one term the answer has the scores already; of several, it has those of the combined vector.
    const known = query.isSingleTerm ? answer.panels : [];
    const isKnown = new Set(known.map(({ panelId }) => panelId));
    const cosines = await this.index.score(
      kind,
      query.vectors,
      named.filter((panelId) => !isKnown.has(panelId)),
    );
    const scored = [...cosines].map(([panelId, each]) => ({ panelId, score: query.score(each) }));
    return [...known, ...scored].sort(byScore);
  }

  /** BM25 of one text; of several, their sum with weights, each as a share of its best. */
  private async keywordScores(
    terms: readonly KeywordTerm[],
    answer: ChannelAnswer,
    named: readonly PanelId[],
    { scope, asOf }: RankingOptions,
  ): Promise<readonly RankedPanel[]> {
    // It named all that hold the words: nobody else has a score.
    if (terms.length === 1 && !answer.truncated) return answer.panels;
    const lists = await Promise.all(
      terms.map(({ text, expansions }) => this.keywords.score({ text, expansions, scope, asOf }, named)),
    );
    const [only] = lists;
    if (only !== undefined && lists.length === 1) return only;
    const sums = new Map<PanelId, number>();
    for (const [i, list] of lists.entries()) {
      const best = list[0]?.score ?? 1;
      const weight = terms[i]?.weight ?? 0;
      for (const { panelId, score } of list) sums.set(panelId, (sums.get(panelId) ?? 0) + (weight * score) / best);
    }
    return [...sums]
      .filter(([, score]) => score > 0)
      .map(([panelId, score]) => ({ panelId, score }))
      .sort(byScore);
  }
}
