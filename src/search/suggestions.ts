import { LRUCache } from 'lru-cache';
import { sha256, wholeFigurePanelId, type FigureId, type PanelId } from '../domain/ids.js';
import { validateFirst } from '../domain/page.js';
import type { Hit, IndexedPanel } from '../domain/search.js';
import type { StoredHit } from '../domain/stored-hit.js';
import { fitSuggestions, type SuggestionModel } from '../domain/suggestion-model.js';
import type { Viewer } from '../domain/viewer.js';
import { cachedPromise } from '../platform/cached-promise.js';
import type { CurationStore } from '../ports/curation-store.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { HitStore } from '../ports/hit-store.js';
import type { PanelDirectory } from '../ports/panel-directory.js';
import type { VectorIndex } from '../ports/vector-index.js';
import { DuplicateCollapser } from './duplicates.js';

/** A figure that fits a collection. */
export interface Suggestion extends Hit {
  readonly stored: StoredHit;
  /** Figures with the same picture that this one stands for. */
  readonly duplicates: readonly FigureId[];
}

/** The vectors of one model: which it is, and their index. */
export interface SuggestionSpace {
  readonly version: string;
  readonly index: Pick<VectorIndex, 'search'>;
}

interface SuggestionStores {
  readonly curation: Pick<CurationStore, 'examples' | 'ratedAmong'>;
  readonly embeddings: Pick<EmbeddingStore, 'imageVectorsOfPanels' | 'sampleImageVectors'>;
  readonly filters: Pick<FigureFilters, 'corpus' | 'resolve'>;
  readonly hits: HitStore;
  readonly panels: Pick<PanelDirectory, 'groupOf'>;
}

/** More examples hardly change what is learned, and take longer. */
const maxExamples = 200;
const backgroundSize = 300;
/** Candidates beyond those that are shown: panels of one figure, duplicates and rated figures are left out of them. */
const spareCandidates = 60;

/** What was found for one answer, as far as the index was asked. */
interface Candidate extends IndexedPanel {
  readonly score: number;
  readonly cosine: number;
  readonly duplicates: readonly FigureId[];
}

/** Figures outside a collection that fit it, learned from its members and ratings (docs/curation.md). */
export class Suggestions {
  private readonly duplicates: DuplicateCollapser;
  /** By what they were learned from: who looks again does not wait again. */
  private readonly learned = new LRUCache<string, Promise<SuggestionModel>>({ max: 50 });

  /**
   * @param space of the model that serves
   * @param maxFirst how many figures an answer has at most on this server
   */
  constructor(
    private readonly space: () => SuggestionSpace,
    private readonly stores: SuggestionStores,
    private readonly maxFirst: number,
  ) {
    this.duplicates = new DuplicateCollapser(stores.panels);
  }

  /**
   * The figures that fit best, best first: none that is a member, and none that was rated. The same collection and corpus give
   * the same answer.
   * @param collectionId a collection without members and figures rated RELEVANT has no suggestions, nor has an absent one
   * @param first 1 to 1000
   * @throws {FigseekError} BAD_USER_INPUT for a `first` that none can have; INDEX_UNAVAILABLE
   */
  async of(_viewer: Viewer, collectionId: string, first: number, signal?: AbortSignal): Promise<readonly Suggestion[]> {
    const length = validateFirst(first, this.maxFirst);
    const space = this.space();
    const model = await this.learn(collectionId, space);
    if (model === null) return [];
    for (let k = length + spareCandidates; ; k *= 4) {
      const { candidates, isAll } = await this.candidates(collectionId, model, { k, space, signal });
      if (candidates.length >= length || isAll) return this.read(candidates.slice(0, length));
    }
  }

  /** Null where nothing tells what fits. */
  private async learn(collectionId: string, { version }: SuggestionSpace): Promise<SuggestionModel | null> {
    const { curation, embeddings, filters } = this.stores;
    const { members, relevant, irrelevant } = await curation.examples(collectionId, maxExamples);
    const rejected = new Set(irrelevant);
    const fitting = [...new Set([...relevant, ...members])].filter((id) => !rejected.has(id)).slice(0, maxExamples);
    const vectorsOf = async (ids: readonly FigureId[]) =>
      embeddings.imageVectorsOfPanels(ids.map(wholeFigurePanelId), version);
    const own = await vectorsOf(fitting);
    if (own.size === 0) return null;
    const others = await vectorsOf(irrelevant);
    const sample = await embeddings.sampleImageVectors(version, backgroundSize);
    const unjudged = [...sample].filter(([panelId]) => !own.has(panelId) && !others.has(panelId));
    const examples = [...own.keys(), '', ...others.keys(), '', ...unjudged.map(([id]) => id)];
    const key = sha256(JSON.stringify([version, (await filters.corpus()).version, examples]));
    return cachedPromise(this.learned, key, () =>
      fitSuggestions({
        relevant: inOrder(own),
        irrelevant: inOrder(others),
        background: unjudged.map(([, vector]) => vector),
      }),
    );
  }

  private async candidates(
    collectionId: string,
    model: SuggestionModel,
    {
      k,
      space,
      signal,
    }: { readonly k: number; readonly space: SuggestionSpace; readonly signal?: AbortSignal | undefined },
  ) {
    const corpus = await this.stores.filters.corpus();
    const scope = await this.stores.filters.resolve({ not: { collectionId } }, corpus);
    const { panels } = await space.index.search('IMAGE', model.direction, { k, scope, asOf: corpus, signal });
    const best = new Map<FigureId, Candidate>();
    for (const { score: cosine, ...panel } of panels) {
      if (!best.has(panel.figureId))
        best.set(panel.figureId, { ...panel, cosine, score: model.score(cosine), duplicates: [] });
    }
    const rated = await this.stores.curation.ratedAmong(collectionId, [...best.keys()]);
    const unrated = [...best.values()].filter(({ figureId }) => !rated.has(figureId));
    return { candidates: this.duplicates.collapse([], unrated), isAll: panels.length < k };
  }

  /** Without figures that were deleted meanwhile. */
  private async read(candidates: readonly Candidate[]): Promise<readonly Suggestion[]> {
    const stored = await this.stores.hits.read(candidates.map(({ panelId }) => panelId));
    return candidates
      .flatMap((candidate) => {
        const hit = stored.get(candidate.panelId);
        return hit === undefined ? [] : [{ ...candidate, stored: hit }];
      })
      .map(({ figureId, panelId, score, cosine, duplicates, stored: hit }, place) => ({
        ...{ rank: place + 1, score, figureId, panelId, isMatch: null, duplicates, stored: hit },
        evidence: [{ channel: 'IMAGE', rank: place + 1, score: cosine }] as const,
      }));
  }
}

/** By id, so that the same examples are learned from in the same order. */
function inOrder(vectors: ReadonlyMap<PanelId, Float32Array>): readonly Float32Array[] {
  return [...vectors].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, vector]) => vector);
}
