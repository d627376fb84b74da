import { CorpusReader } from '../corpus/corpus-reader.js';
import { FigureList, type FigureListRequest } from '../corpus/figure-list.js';
import type { Viewer } from '../domain/viewer.js';
import { withStores } from './command-context.js';
import type { Config } from './config.js';
import { describeFigure } from './describe-figure.js';

/** The list of figures of the server, each with what a person needs to know of it. */
export class CorpusListing {
  constructor(
    private readonly list: FigureList,
    private readonly corpus: CorpusReader,
  ) {}

  /** @throws {FigseekError} as `FigureList` */
  async page(viewer: Viewer, request: FigureListRequest) {
    const { items, total, hasNextPage } = await this.list.page(viewer, request);
    const figures = await this.corpus.figures(
      viewer,
      items.map(({ id }) => id),
    );
    const articles = await this.corpus.articles(
      viewer,
      [...figures.values()].flatMap(({ articleId }) => articleId ?? []),
    );
    const described = items.flatMap(({ id }) => {
      const figure = figures.get(id);
      if (figure === undefined) return [];
      const article = figure.articleId === null ? null : (articles.get(figure.articleId) ?? null);
      return [{ figureId: id, ...describeFigure(figure, article), year: article?.year ?? null }];
    });
    return { figures: described, total, hasNextPage, endCursor: items.at(-1)?.cursor ?? null };
  }
}

/** Runs `work` over the configured corpus; no model is loaded. */
export function withCorpusListing<Result>(
  config: Config,
  work: (listing: CorpusListing) => Promise<Result>,
): Promise<Result> {
  return withStores(config, ({ filters, figures, articles, classes }) =>
    work(new CorpusListing(new FigureList(filters, config.maxFirst), new CorpusReader(figures, articles, classes))),
  );
}
