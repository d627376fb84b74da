import type { CorpusState } from '../domain/corpus-state.js';
import type { FacetCount, FacetField } from '../domain/facet.js';
import type { FigureFilter } from '../domain/figure-filter.js';
import type { FigurePlace, ListedPart } from '../domain/figure-order.js';
import type { FigureScope, FigureSet } from '../domain/figure-scope.js';
import type { FigureId } from '../domain/ids.js';
import type { SeqPage } from '../domain/page.js';

/** A part of a list of figures. */
export interface FigurePage {
  readonly items: readonly { readonly id: FigureId; readonly place: FigurePlace }[];
  readonly hasNextPage: boolean;
}

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

  /** Allowed figures in an order. Figures that are added or deleted between two parts neither repeat nor hide others. */
  abstract list(scope: FigureScope, part: ListedPart): Promise<FigurePage>;

  /**
   * How many of the allowed figures carry each value, most frequent first, at most `limit`.
   * @param keys only the values with these keys; absent: any
   */
  abstract facet(
    scope: FigureScope,
    field: FacetField,
    limit: number,
    keys?: readonly string[],
  ): Promise<readonly FacetCount[]>;

  /** The same for given figures. */
  abstract facetOf(figureIds: readonly string[], field: FacetField): Promise<readonly FacetCount[]>;
}
