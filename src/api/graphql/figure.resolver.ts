import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { FigseekError } from '../../domain/errors.js';
import { attributionOf, type Figure } from '../../domain/figure.js';
import { FigureSearch } from '../../search/figure-search.js';
import { FigureReader } from '../../store/repositories/figure-reader.js';
import type { GraphContext } from './loaders.js';
import { ArticleArgs, SimilarArgs } from './search.inputs.js';
import { ArticleType, FigureHitConnectionType, FigureType, PanelType } from './types.js';

@Resolver(() => FigureType)
export class FigureResolver {
  constructor(private readonly search: FigureSearch) {}

  @Query(() => FigureType, { nullable: true })
  figure(@Args('id', { type: () => ID }) id: string, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(id);
  }

  @ResolveField(() => ArticleType, { nullable: true })
  article(@Parent() figure: FigureType, @Context() { loaders }: GraphContext) {
    return figure.articleId === null ? null : loaders.article.load(figure.articleId);
  }

  @ResolveField(() => [PanelType])
  panels(@Parent() figure: FigureType, @Context() { loaders }: GraphContext) {
    return loaders.panelsOfFigure.load(figure.id);
  }

  @ResolveField(() => String, { description: 'Ready to paste: title, authors, source, licence.' })
  async attribution(@Parent() figure: Figure, @Context() { loaders }: GraphContext): Promise<string> {
    const article = figure.articleId === null ? null : await loaders.article.load(figure.articleId);
    return attributionOf(figure, article);
  }

  @ResolveField(() => String, { description: 'A resized copy: the longer side at most `size` pixels.' })
  imageUrl(
    @Parent() figure: FigureType,
    @Args('size', { type: () => Int, nullable: true }) size: number | null | undefined,
  ): string {
    return size == null ? `/images/${figure.id}` : `/images/${figure.id}?size=${size}`;
  }

  @ResolveField(() => FigureHitConnectionType)
  async similar(
    @Parent() figure: FigureType,
    @Args() args: SimilarArgs,
    @Context() { budget }: GraphContext,
  ): Promise<FigureHitConnectionType> {
    budget.spend();
    const { hits, info } = await this.search.similar({
      figureId: figure.id,
      channels: args.channels ?? null,
      first: args.first ?? 20,
    });
    return { nodes: hits, info };
  }
}

@Resolver(() => PanelType)
export class PanelResolver {
  @ResolveField(() => FigureType)
  figure(@Parent() panel: PanelType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(panel.figureId);
  }
}

@Resolver(() => ArticleType)
export class ArticleResolver {
  constructor(private readonly reader: FigureReader) {}

  @Query(() => ArticleType, { nullable: true, description: 'Exactly one of the four arguments.' })
  article(@Args() args: ArticleArgs) {
    const reference = {
      id: args.id ?? null,
      pmcid: args.pmcid ?? null,
      pmid: args.pmid ?? null,
      doi: args.doi ?? null,
    };
    const given = Object.values(reference).filter((value) => value !== null).length;
    if (given !== 1) {
      throw new FigseekError('BAD_USER_INPUT', `Expected exactly one of id, pmcid, pmid, doi but received ${given}`);
    }
    return this.reader.article(reference);
  }

  @ResolveField(() => [FigureType])
  figures(@Parent() article: ArticleType) {
    return this.reader.figuresOfArticle(article.id);
  }
}
