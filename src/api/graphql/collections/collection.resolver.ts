import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Collections } from '../../../corpus/collections.js';
import {
  CollectionConnectionType,
  CollectionItemConnectionType,
  CollectionItemType,
  CollectionType,
} from './collection.types.js';
import { ListArgs, parseListCursor, toListConnection } from '../figures/list-connection.js';
import type { GraphContext } from '../server/graph-context.js';
import { FigureType } from '../figures/types.js';

const idArgument = { type: () => ID };
const figureIdsArgument = { type: () => [ID] };
const optionalText = { type: () => String, nullable: true };

@Resolver(() => CollectionType)
export class CollectionResolver {
  constructor(private readonly collections: Collections) {}

  @Query(() => CollectionType, { nullable: true })
  collection(@Args('id', idArgument) id: string, @Context() { loaders }: GraphContext) {
    return loaders.collection.load(id);
  }

  @Query(() => CollectionConnectionType, { name: 'collections', description: 'In the order of their making.' })
  async list(
    @Args() { first, after }: ListArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<CollectionConnectionType> {
    const from = parseListCursor('collections', after);
    const page = await this.collections.page(viewer, { after: from, first: first ?? null });
    return toListConnection('collections', page, from, (collection) => collection);
  }

  @ResolveField(() => CollectionItemConnectionType, { description: 'In the order of their coming.' })
  async items(
    @Parent() { id }: CollectionType,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null | undefined,
    @Args('after', optionalText) after: string | null | undefined,
    @Context() { viewer }: GraphContext,
  ): Promise<CollectionItemConnectionType> {
    const from = parseListCursor(id, after);
    const page = await this.collections.items(viewer, id, { after: from, first: first ?? null });
    return toListConnection(id, page, from, (item) => item);
  }

  @Mutation(() => CollectionType)
  createCollection(
    @Args('name') name: string,
    @Args('description', optionalText) description: string | null | undefined,
    @Context() { viewer }: GraphContext,
  ) {
    return this.collections.create(viewer, name, description);
  }

  @Mutation(() => CollectionType, { description: 'Changes what is given; an empty description takes it away.' })
  updateCollection(
    @Args('id', idArgument) id: string,
    @Args('name', optionalText) name: string | null | undefined,
    @Args('description', optionalText) description: string | null | undefined,
    @Context() { viewer }: GraphContext,
  ) {
    return this.collections.update(viewer, id, { name, description });
  }

  @Mutation(() => ID, {
    description:
      'Deletes a collection, not its figures; answers its id. `restoreCollection` brings it back for 30 days.',
  })
  deleteCollection(@Args('id', idArgument) id: string, @Context() { viewer }: GraphContext): Promise<string> {
    return this.collections.delete(viewer, id);
  }

  @Mutation(() => CollectionType, {
    description:
      'Brings a collection back that was deleted in the last 30 days, with its members, notes, tags and ratings.',
  })
  restoreCollection(@Args('id', idArgument) id: string, @Context() { viewer }: GraphContext) {
    return this.collections.restore(viewer, id);
  }

  @Mutation(() => CollectionType, {
    description:
      'Adds all of the figures or none; one that is in already keeps its place, and gets the note. One that was removed in the last 30 days returns to its place, with its note, tags and rating.',
  })
  addToCollection(
    @Args('id', idArgument) id: string,
    @Args('figureIds', figureIdsArgument) figureIds: string[],
    @Args('note', optionalText) note: string | null | undefined,
    @Context() { viewer }: GraphContext,
  ) {
    return this.collections.add(viewer, id, figureIds, note);
  }

  @Mutation(() => CollectionType, { description: 'Takes figures out; those that are not in it are passed over.' })
  removeFromCollection(
    @Args('id', idArgument) id: string,
    @Args('figureIds', figureIdsArgument) figureIds: string[],
    @Context() { viewer }: GraphContext,
  ) {
    return this.collections.remove(viewer, id, figureIds);
  }
}

@Resolver(() => CollectionItemType)
export class CollectionItemResolver {
  @ResolveField(() => FigureType)
  figure(@Parent() { figureId }: CollectionItemType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(figureId);
  }
}
