import type { CorpusState } from '../domain/corpus-state.js';
import type { FacetCount, FacetField } from '../domain/facet.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import type { FigureScope, FigureSet } from '../domain/figure-scope.js';
import type { FigureId } from '../domain/ids.js';
import type { SeqPage } from '../domain/page.js';

/** Which figures a filter allows, how many, and what they are like. */
export abstract class FigureFilters {
  /** The corpus as it is now. */
  abstract corpus(): Promise<CorpusState>;

  /** @param filter null: every figure */
  abstract resolve(filter: FigureFilter | null, corpus: CorpusState): Promise<FigureScope>;

  /** For an index that has no filters of its own. */
  abstract allowedFigures(scope: FigureScope): Promise<FigureSet>;

  /** Allowed figures in the order of their making. */
  abstract page(scope: FigureScope, after: number, first: number): Promise<SeqPage<{ readonly id: FigureId }>>;

  /** How many of the allowed figures carry each value, most frequent first, at most `limit`. */
  abstract facet(scope: FigureScope, field: FacetField, limit: number): Promise<readonly FacetCount[]>;

  /** The same for given figures. */
  abstract facetOf(figureIds: readonly string[], field: FacetField): Promise<readonly FacetCount[]>;
}
