import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { facetFields } from '../../../domain/facet.js';
import { ArticleSearch } from '../../../search/article-search.js';
import type { GraphContext } from '../server/graph-context.js';
import { resolveMaskRegions } from '../masks/resolve-mask-regions.js';
import { SearchArgs, toSearchRequest } from './search.inputs.js';
import { facetsDescription, toInfo } from './search.resolver.js';
import { ArticleHitConnectionType, ArticleHitType, ArticleType, FacetType } from '../figures/types.js';

@Resolver(() => ArticleHitConnectionType)
export class ArticleSearchResolver {
  constructor(private readonly search: ArticleSearch) {}

  @Query(() => ArticleHitConnectionType, { description: 'The same search, grouped by article: image-to-literature.' })
  async searchArticles(@Args() args: SearchArgs, @Context() { viewer, loaders, signal }: GraphContext) {
    const request = toSearchRequest({ ...args, query: await resolveMaskRegions(args.query, loaders) });
    const answer = await this.search.run(viewer, request, { after: args.after ?? null, signal });
    const edges = answer.hits.map(({ cursor, figures, ...hit }) => ({
      cursor,
      node: { ...hit, figures: figures.map((figure) => ({ ...figure, duplicateIds: [], answer })) },
    }));
    return {
      answer,
      edges,
      nodes: edges.map(({ node }) => node),
      pageInfo: {
        hasNextPage: answer.hasNextPage,
        hasPreviousPage: answer.hasPreviousPage,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
      info: toInfo(answer),
    };
  }

  @ResolveField(() => [FacetType], { description: facetsDescription })
  facets(@Parent() { answer }: ArticleHitConnectionType) {
    return answer.facets(facetFields);
  }
}

@Resolver(() => ArticleHitType)
export class ArticleHitResolver {
  @ResolveField(() => ArticleType)
  article(@Parent() hit: ArticleHitType, @Context() { loaders }: GraphContext) {
    return loaders.article.load(hit.articleId);
  }
}
