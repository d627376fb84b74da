import { Inject } from '@nestjs/common';
import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Config } from '../../../app/config.js';
import { CONFIG } from '../../../app/container.js';
import { validateName, validateText } from '../../../domain/collection.js';
import { FigseekError } from '../../../domain/errors.js';
import { validateFirst } from '../../../domain/page.js';
import { CollectionRepository } from '../../../adapters/sqlite/collection.repository.js';
import {
  CollectionConnectionType,
  CollectionItemConnectionType,
  CollectionItemType,
  CollectionType,
} from './collection.types.js';
import { ListArgs, seqOf, toListConnection } from '../figures/list-connection.js';
import type { GraphContext } from '../server/graph-context.js';
import { FigureType } from '../figures/types.js';

const idArgument = { type: () => ID };
const figureIdsArgument = { type: () => [ID] };
const optionalText = { type: () => String, nullable: true };
/** One statement handles them all; more are sent in several requests. */
const maxFigures = 1000;

@Resolver(() => CollectionType)
export class CollectionResolver {
  constructor(
    private readonly collections: CollectionRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => CollectionType, { nullable: true })
  collection(@Args('id', idArgument) id: string, @Context() { loaders }: GraphContext) {
    return loaders.collection.load(id);
  }

  @Query(() => CollectionConnectionType, { name: 'collections', description: 'In the order of their making.' })
  async list(@Args() { first, after }: ListArgs): Promise<CollectionConnectionType> {
    const from = seqOf('collections', after);
    const page = await this.collections.page(from, validateFirst(first ?? 20, this.config.maxFirst));
    return toListConnection('collections', page, from, (collection) => collection);
  }

  @ResolveField(() => CollectionItemConnectionType, { description: 'In the order of their coming.' })
  async items(
    @Parent() { id }: CollectionType,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null | undefined,
    @Args('after', optionalText) after: string | null | undefined,
  ): Promise<CollectionItemConnectionType> {
    const from = seqOf(id, after);
    const page = await this.collections.items(id, from, validateFirst(first ?? 50, this.config.maxFirst));
    return toListConnection(id, page, from, (item) => item);
  }

  @Mutation(() => CollectionType)
  createCollection(
    @Args('name') name: string,
    @Args('description', optionalText) description: string | null | undefined,
  ) {
    return this.collections.create(validateName(name), validateText(description));
  }

  @Mutation(() => CollectionType, { description: 'Changes what is given; an empty description takes it away.' })
  updateCollection(
    @Args('id', idArgument) id: string,
    @Args('name', optionalText) name: string | null | undefined,
    @Args('description', optionalText) description: string | null | undefined,
  ) {
    return this.collections.update(id, {
      name: name == null ? undefined : validateName(name),
      description: description == null ? undefined : validateText(description),
    });
  }

  @Mutation(() => ID, { description: 'Deletes a collection, not its figures; answers its id.' })
  async deleteCollection(@Args('id', idArgument) id: string): Promise<string> {
    await this.collections.delete(id);
    return id;
  }

  @Mutation(() => CollectionType, {
    description: 'Adds all of the figures or none; one that is in already keeps its place, and gets the note.',
  })
  addToCollection(
    @Args('id', idArgument) id: string,
    @Args('figureIds', figureIdsArgument) figureIds: string[],
    @Args('note', optionalText) note: string | null | undefined,
  ) {
    return this.collections.add(id, checkedFigures(figureIds), validateText(note));
  }

  @Mutation(() => CollectionType, { description: 'Takes figures out; those that are not in it are passed over.' })
  removeFromCollection(@Args('id', idArgument) id: string, @Args('figureIds', figureIdsArgument) figureIds: string[]) {
    return this.collections.remove(id, checkedFigures(figureIds));
  }
}

@Resolver(() => CollectionItemType)
export class CollectionItemResolver {
  @ResolveField(() => FigureType)
  figure(@Parent() { figureId }: CollectionItemType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(figureId);
  }
}

function checkedFigures(figureIds: readonly string[]): readonly string[] {
  if (figureIds.length <= maxFigures) return figureIds;
  throw new FigseekError('BAD_USER_INPUT', `Expected at most ${maxFigures} figures but received ${figureIds.length}`);
}
