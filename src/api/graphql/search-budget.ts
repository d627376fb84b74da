import { FigseekError } from '../../domain/errors.js';

/** Enough for a page of hits with figures like each; a nested `similar` of hundreds would keep the server for minutes. */
const mostSearches = 50;

/** The searches and nested lists that one request may cost: depth and aliases say nothing of how often a nested field is resolved. */
export class SearchBudget {
  private left = mostSearches;

  /** Takes one search off. @throws {FigseekError} QUERY_TOO_COMPLEX when none is left */
  spend(): void {
    if (this.left === 0) {
      throw new FigseekError(
        'QUERY_TOO_COMPLEX',
        `Expected at most ${mostSearches} searches and lists in one request (searchFigures, similar, items together); ask for fewer figures, or in several requests`,
      );
    }
    this.left -= 1;
  }
}
