import { validateFilter, type FigureFilter } from '../domain/figure-filter.js';
import type { FigureId } from '../domain/ids.js';
import { validateFirst, type SeqPage } from '../domain/page.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { Viewer } from '../domain/viewer.js';

/** All figures that a filter allows, in the order of their making, page by page. */
export class FigureList {
  constructor(
    private readonly filters: FigureFilters,
    private readonly maxFirst: number,
  ) {}

  /**
   * @param after number of the last figure of the page before; 0 for the first page
   * @throws {FigseekError} BAD_USER_INPUT saying what was expected
   */
  async page(
    _viewer: Viewer,
    filter: FigureFilter | null,
    after: number,
    first: number,
  ): Promise<SeqPage<{ readonly id: FigureId }> & { readonly total: number }> {
    const checked = filter === null ? null : validateFilter(filter);
    const limit = validateFirst(first, this.maxFirst);
    const scope = await this.filters.resolve(checked, await this.filters.corpus());
    return { ...(await this.filters.page(scope, after, limit)), total: scope.count };
  }
}
