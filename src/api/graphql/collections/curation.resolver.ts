import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Curation } from '../../../corpus/curation.js';
import { parseListCursor, toListConnection } from '../figures/list-connection.js';
import { FigureType } from '../figures/types.js';
import type { GraphContext } from '../server/graph-context.js';
import { CollectionItemType, CollectionType } from './collection.types.js';
import {
  CollectionItemArgs,
  CollectionRatingConnectionType,
  CollectionRatingType,
  Rating,
  RatingsArgs,
} from './rating.types.js';

const idArgument = { type: () => ID };

@Resolver(() => CollectionType)
export class CurationResolver {
  constructor(private readonly curation: Curation) {}

  @ResolveField(() => CollectionRatingConnectionType, {
    description: 'Figures that were rated, members or not, in the order of their first rating.',
  })
  async ratings(
    @Parent() { id }: CollectionType,
    @Args() { rating, first, after }: RatingsArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<CollectionRatingConnectionType> {
    const list = `${id}/ratings`;
    const from = parseListCursor(list, after);
    const wanted = rating == null || rating === Rating.NONE ? null : rating;
    const page = await this.curation.ratings(viewer, id, wanted, { after: from, first: first ?? null });
    return toListConnection(list, page, from, (item) => item);
  }

  @Mutation(() => CollectionType, {
    description:
      'Rates a figure in view of a collection; it need not be a member. `suggestions` learns from it, and a figure that was rated is not suggested. NONE takes the rating back.',
  })
  rateFigure(
    @Args('collectionId', idArgument) collectionId: string,
    @Args('figureId', idArgument) figureId: string,
    @Args('rating', { type: () => Rating }) rating: Rating,
    @Context() { viewer }: GraphContext,
  ) {
    return this.curation.rate(viewer, collectionId, figureId, rating);
  }

  @Mutation(() => CollectionItemType, {
    description: 'Changes what is given of a member; an empty note removes the note, an empty list all tags.',
  })
  updateCollectionItem(
    @Args() { collectionId, figureId, note, tags }: CollectionItemArgs,
    @Context() { viewer }: GraphContext,
  ) {
    return this.curation.annotate(viewer, collectionId, figureId, { note, tags });
  }
}

@Resolver(() => CollectionItemType)
export class CollectionItemRatingResolver {
  @ResolveField(() => Rating)
  rating(@Parent() { rating }: CollectionItemType): `${Rating}` {
    return rating ?? 'NONE';
  }
}

@Resolver(() => CollectionRatingType)
export class CollectionRatingResolver {
  @ResolveField(() => FigureType)
  figure(@Parent() { figureId }: CollectionRatingType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(figureId);
  }
}
