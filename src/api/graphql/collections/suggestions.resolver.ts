import { Args, Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Suggestions } from '../../../search/suggestions.js';
import { FigureHitType } from '../figures/types.js';
import type { GraphContext } from '../server/graph-context.js';
import { CollectionType } from './collection.types.js';

const usualSuggestions = 20;

@Resolver(() => CollectionType)
export class SuggestionsResolver {
  constructor(private readonly suggestions: Suggestions) {}

  @ResolveField(() => [FigureHitType], {
    name: 'suggestions',
    description:
      'Figures outside the collection that fit it best, learned from its members and from both kinds of rating by their image vectors (docs/curation.md). Rated figures are not among them. None where the collection has no members and no figure rated RELEVANT.',
  })
  async ofCollection(
    @Parent() { id }: CollectionType,
    @Args('first', { type: () => Int, nullable: true, defaultValue: usualSuggestions })
    first: number | null | undefined,
    @Context() { viewer, loaders, signal }: GraphContext,
  ): Promise<readonly FigureHitType[]> {
    const found = await this.suggestions.of(viewer, id, first ?? usualSuggestions, signal);
    return found.map(({ stored, duplicates, ...hit }) => {
      loaders.prime(stored);
      return { ...hit, duplicateIds: duplicates, answer: null };
    });
  }
}
