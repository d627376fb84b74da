import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { formatAttribution, buildSourceUrl, type Figure } from '../../../domain/figure.js';
import { wholeFigurePanelId, type FigureId, type PanelId } from '../../../domain/ids.js';
import { ActiveModel } from '../../../app/active-model.js';
import { FigureSearch } from '../../../search/figure-search.js';
import { parseQueryText } from '../../../search/search-request.js';
import { CorpusReader } from '../../../corpus/corpus-reader.js';
import { CollectionType } from '../collections/collection.types.js';
import type { GraphContext } from '../server/graph-context.js';
import { validatePartLength, noSuchItem, PartArgs, slicePart } from './list-connection.js';
import { ArticleArgs, SimilarArgs, toSimilar } from '../search/search.inputs.js';
import { heatmapUrl, toConnection } from '../search/search.resolver.js';
import { PanelClassType } from './panel.types.js';
import { ArticleType, FigureHitConnectionType, FigureType, PanelType } from './types.js';

@Resolver(() => FigureType)
export class FigureResolver {
  constructor(
    private readonly search: FigureSearch,
    private readonly live: ActiveModel,
  ) {}

  @Query(() => FigureType, { nullable: true })
  figure(@Args('id', { type: () => ID }) id: string, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(id);
  }

  @ResolveField(() => ArticleType, { nullable: true })
  article(@Parent() figure: FigureType, @Context() { loaders }: GraphContext) {
    return figure.articleId === null ? null : loaders.article.load(figure.articleId);
  }

  @ResolveField(() => [PanelType], {
    description: 'The whole figure first, then its parts in the order of its record.',
  })
  async panels(@Parent() figure: FigureType, @Args() part: PartArgs, @Context() { loaders }: GraphContext) {
    return slicePart(await loaders.panelsOfFigure.load(figure.id), part);
  }

  @ResolveField(() => String, { description: 'Ready to paste: title, authors, source, license.' })
  async attribution(@Parent() figure: Figure, @Context() { loaders }: GraphContext): Promise<string> {
    const article = figure.articleId === null ? null : await loaders.article.load(figure.articleId);
    return formatAttribution(figure, article);
  }

  @ResolveField(() => String, { nullable: true, description: 'A link to this figure in its article.' })
  async sourceUrl(@Parent() figure: FigureType, @Context() { loaders }: GraphContext): Promise<string | null> {
    return buildSourceUrl(figure, figure.articleId === null ? null : await loaders.article.load(figure.articleId));
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'Where in the whole figure a text finds support: a PNG to lay over it. Null where the model cannot tell.',
  })
  heatmapUrl(@Parent() figure: FigureType, @Args('text') text: string): string | null {
    const panelId = wholeFigurePanelId(figure.id as FigureId);
    return heatmapUrl(
      this.live.current.heatMaps.idOf(panelId, [{ kind: 'text', text: parseQueryText(text), weight: 1 }]),
    );
  }

  @ResolveField(() => [CollectionType], { description: 'That it is in.' })
  async collections(@Parent() figure: FigureType, @Args() part: PartArgs, @Context() { loaders }: GraphContext) {
    return slicePart(await loaders.collectionsOfFigure.load(figure.id), part);
  }

  @ResolveField(() => String, { description: 'A resized copy: the longer side at most `size` pixels.' })
  imageUrl(
    @Parent() figure: FigureType,
    @Args('size', { type: () => Int, nullable: true }) size: number | null | undefined,
  ): string {
    return size == null ? `/images/${figure.id}` : `/images/${figure.id}?size=${size}`;
  }

  @ResolveField(() => FigureHitConnectionType, {
    description: 'More like this one as a whole, by its image and its caption; `Panel.similar` goes by a part.',
  })
  async similar(
    @Parent() figure: FigureType,
    @Args() args: SimilarArgs,
    @Context() { viewer, signal, loaders }: GraphContext,
  ): Promise<FigureHitConnectionType> {
    return toConnection(
      await this.search.similar(viewer, wholeFigurePanelId(figure.id as FigureId), toSimilar(args), {
        after: args.after ?? null,
        signal,
      }),
      loaders,
    );
  }
}

@Resolver(() => PanelType)
export class PanelResolver {
  constructor(private readonly search: FigureSearch) {}

  @ResolveField(() => FigureType)
  figure(@Parent() panel: PanelType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(panel.figureId);
  }

  @ResolveField(() => PanelClassType, {
    nullable: true,
    description:
      'Its predicted figure type and modality; null until it is classified, which is done beside other work.',
  })
  predicted(@Parent() panel: PanelType, @Context() { loaders }: GraphContext) {
    return loaders.panelClass.load(panel.id);
  }

  @ResolveField(() => FigureHitConnectionType, { description: 'More like this panel.' })
  async similar(
    @Parent() panel: PanelType,
    @Args() args: SimilarArgs,
    @Context() { viewer, signal, loaders }: GraphContext,
  ): Promise<FigureHitConnectionType> {
    return toConnection(
      await this.search.similar(viewer, panel.id as PanelId, toSimilar(args), { after: args.after ?? null, signal }),
      loaders,
    );
  }
}

@Resolver(() => ArticleType)
export class ArticleResolver {
  constructor(private readonly corpus: CorpusReader) {}

  @Query(() => ArticleType, { nullable: true, description: 'Exactly one of the four arguments.' })
  article(@Args() args: ArticleArgs, @Context() { viewer }: GraphContext) {
    return this.corpus.article(viewer, {
      id: args.id ?? null,
      pmcid: args.pmcid ?? null,
      pmid: args.pmid ?? null,
      doi: args.doi ?? null,
    });
  }

  @ResolveField(() => [FigureType], { description: 'In the order of their coming.' })
  async figures(
    @Parent() article: ArticleType,
    @Args() { first, after }: PartArgs,
    @Context() { viewer }: GraphContext,
  ) {
    const figures = await this.corpus.figuresOfArticle(viewer, article.id, validatePartLength(first), after ?? null);
    if (figures === null) throw noSuchItem(after ?? '');
    return figures;
  }
}
