import type { SourceItem } from '../../../domain/figure-record.js';
import { FigureSource } from '../../../ports/figure-source.js';

/** Articles of PubMed Central, fetched while they are read. */
export class PmcSource extends FigureSource {
  /** All of them belong to one source: an article is the same by its id and by a search. */
  readonly input = 'pmc';
  readonly title = 'PubMed Central';
  readonly isOfArticles = true;
  readonly isWhole = false;

  constructor(private readonly items: () => AsyncIterable<SourceItem>) {
    super();
  }

  /** How many figures the articles have is not known before they are fetched. */
  count(): Promise<null> {
    return Promise.resolve(null);
  }

  read(): AsyncIterable<SourceItem> {
    return this.items();
  }
}
