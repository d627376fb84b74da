import { Args, Context, Float, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { FigureDuplicates } from '../../../corpus/pictures/figure-duplicates.js';
import type { FigureId } from '../../../domain/ids.js';
import type { GraphContext } from '../server/graph-context.js';
import { MatchArgs, PictureMatchType, usualMatches } from './duplicates.types.js';
import { PartArgs, slicePart, validatePartLength } from './list-connection.js';
import { FigureType, PanelType } from './types.js';

@Resolver(() => PictureMatchType)
export class PictureMatchResolver {
  constructor(private readonly duplicates: FigureDuplicates) {}

  @Query(() => [PictureMatchType], {
    description:
      'Where pictures of a figure, or parts of them, stand in other figures: copied, rescaled, mirrored, rotated, recolored, bordered, cropped or used in part. The same picture first, then the most alike. New figures are compared a moment after they are stored.',
  })
  async duplicatesOf(
    @Args('figureId', { type: () => ID }) figureId: string,
    @Args() { minSimilarity, samePicture, first }: MatchArgs,
    @Context() { viewer, loaders }: GraphContext,
  ): Promise<readonly PictureMatchType[]> {
    const length = validatePartLength(first, usualMatches);
    const { figure } = await loaders.figureWithPanels(figureId);
    const found = await this.duplicates.matchesOf(viewer, figure.id, {
      minSimilarity: minSimilarity ?? null,
      isSame: samePicture ?? null,
    });
    return found.slice(0, length).map(({ panelId, other, similarity, changes, isSame, boxes: [box, otherBox] }) => ({
      ...{ ownPanelId: panelId, otherPanelId: other.panelId, otherFigureId: other.figureId },
      ...{ similarity, changes, isSamePicture: isSame, box, otherBox },
    }));
  }

  @ResolveField(() => FigureType, { description: 'The other figure.' })
  figure(@Parent() { otherFigureId }: PictureMatchType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(otherFigureId);
  }

  @ResolveField(() => PanelType, { description: 'The panel of the other figure; the whole figure is one too.' })
  panel(@Parent() { otherPanelId }: PictureMatchType, @Context() { loaders }: GraphContext) {
    return loaders.panel.load(otherPanelId);
  }

  @ResolveField(() => PanelType, { description: 'The panel of this figure.' })
  ownPanel(@Parent() { ownPanelId }: PictureMatchType, @Context() { loaders }: GraphContext) {
    return loaders.panel.load(ownPanelId);
  }
}

@Resolver(() => FigureType)
export class FigureDuplicatesResolver {
  constructor(private readonly found: FigureDuplicates) {}

  @ResolveField(() => [FigureType], {
    description:
      'Pairs: figures that, as wholes, were found to show the same picture as this one, proved by their pixels, most alike first. Two figures of one group (`FigureHit.duplicates`) need not be a pair, and a pair need not be of one group. With `minSimilarity`, also those that have that much in common (0..1); `duplicatesOf` says what.',
  })
  async duplicates(
    @Parent() figure: FigureType,
    @Args('minSimilarity', { type: () => Float, nullable: true }) minSimilarity: number | null | undefined,
    @Args() part: PartArgs,
    @Context() { viewer, loaders }: GraphContext,
  ) {
    const ids = await this.found.figuresOf(viewer, figure.id as FigureId, minSimilarity ?? null);
    return slicePart(await loaders.existingFigures(ids), part);
  }
}
