import { CorpusReader } from '../corpus/corpus-reader.js';
import type { Panel } from '../domain/figure.js';
import type { Hit } from '../domain/search.js';
import type { StoredHit } from '../domain/stored-hit.js';
import type { Viewer } from '../domain/viewer.js';
import { ArticleSearch } from '../search/article-search.js';
import { FigureSearch } from '../search/figure-search.js';
import type { SearchRequest } from '../search/search-request.js';
import { withApp } from './command-context.js';
import type { Config } from './config.js';
import { describeFigure } from './describe-figure.js';

/** The search of the server, each hit with what a person needs to know of it. */
export class CorpusSearch {
  constructor(
    private readonly figures: Pick<FigureSearch, 'search'>,
    private readonly articles: Pick<ArticleSearch, 'run'>,
    private readonly corpus: CorpusReader,
  ) {}

  /** Figures, best first. @throws {FigseekError} as `FigureSearch` */
  async searchFigures(viewer: Viewer, request: SearchRequest) {
    const answer = await this.figures.search(viewer, request);
    const hits = answer.hits.map(({ stored, ...hit }) => describeHit(hit, stored));
    return { hits, info: { ...answer.info, suggestedText: await answer.suggestedText() } };
  }

  /** Articles, best first, each with its best figures. @throws {FigseekError} as `ArticleSearch` */
  async searchArticles(viewer: Viewer, request: SearchRequest) {
    const answer = await this.articles.run(viewer, request);
    const articles = await this.corpus.articles(
      viewer,
      answer.hits.map(({ articleId }) => articleId),
    );
    const described = answer.hits.map(async ({ rank, score, articleId, figures }) => ({
      rank,
      score,
      article: articles.get(articleId) ?? null,
      figures: await describeHits(viewer, figures, this.corpus),
    }));
    const info = { ...answer.info, suggestedText: await answer.suggestedText() };
    return { articles: await Promise.all(described), info };
  }
}

/** Runs `work` over the configured corpus and its active model. */
export function withCorpusSearch<Result>(
  config: Config,
  work: (search: CorpusSearch) => Promise<Result>,
): Promise<Result> {
  return withApp(config, (core) =>
    work(new CorpusSearch(core.get(FigureSearch), core.get(ArticleSearch), core.get(CorpusReader))),
  );
}

async function describeHits<H extends Hit>(viewer: Viewer, hits: readonly H[], corpus: CorpusReader) {
  const figures = await corpus.figures(
    viewer,
    hits.map(({ figureId }) => figureId),
  );
  const panels = await corpus.panels(
    viewer,
    hits.map(({ panelId }) => panelId),
  );
  const articles = await corpus.articles(
    viewer,
    [...figures.values()].flatMap(({ articleId }) => articleId ?? []),
  );
  // A figure that is absent was deleted since it was found.
  return hits.flatMap((hit) => {
    const figure = figures.get(hit.figureId);
    if (figure === undefined) return [];
    const article = figure.articleId === null ? null : (articles.get(figure.articleId) ?? null);
    return [describeHit(hit, { figure, article, panel: panels.get(hit.panelId) ?? null })];
  });
}

function describeHit<H extends Hit>(
  hit: H,
  { figure, article, panel }: Omit<StoredHit, 'panel'> & { readonly panel: Panel | null },
) {
  return { ...hit, panelLabel: panel?.label ?? null, ...describeFigure(figure, article) };
}
