/**
 * In which order figures are listed without a query.
 * - `ADDED`: the oldest in the corpus first
 * - `NEWEST`: the latest in the corpus first; a figure that is updated keeps its place
 * - `YEAR`: the latest year of publication first, the figures of an article together; figures without a year last
 * - `ARTICLE`: by the titles of articles, the figures of an article together; figures without an article last
 */
export type FigureOrder = 'ADDED' | 'NEWEST' | 'YEAR' | 'ARTICLE';

export const figureOrders: readonly FigureOrder[] = ['ADDED', 'NEWEST', 'YEAR', 'ARTICLE'];

/** How many characters of a title decide: a place has to fit into a cursor. Articles that are equal in them go by their ids. */
export const titleCharacters = 120;

/**
 * Where a figure stands in an order. It names a place whether or not the figure is still there, so that a list goes on where it
 * was left however many figures came and went.
 */
export interface FigurePlace {
  /** The year for `YEAR`, the beginning of the title's key for `ARTICLE`; null for other orders, and where there is none. */
  readonly key: string | number | null;
  /** Null for other orders, and where there is none. */
  readonly articleId: string | null;
  /** The figure's number. */
  readonly seq: number;
}

/** Which part of a list is asked for. */
export interface ListedPart {
  readonly order: FigureOrder;
  /** The place behind which the part begins; null: at the beginning. */
  readonly after: FigurePlace | null;
  readonly first: number;
}
