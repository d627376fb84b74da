import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { DuplicateReview } from '../../../corpus/pictures/duplicate-review.js';
import type { GraphContext } from '../server/graph-context.js';
import {
  DecideDuplicatesArgs,
  DuplicateDecisionConnectionType,
  DuplicateDecisionType,
  DuplicateGroupConnectionType,
  DuplicateGroupsArgs,
  DuplicateGroupType,
} from './duplicate-review.types.js';
import { ListArgs, parseListCursor, toConnection, toListConnection } from './list-connection.js';
import { decisionCursorOf, parseDecisionCursor } from './decision-cursor.js';
import { FigureType } from './types.js';

@Resolver(() => DuplicateGroupType)
export class DuplicateReviewResolver {
  constructor(private readonly review: DuplicateReview) {}

  @Query(() => DuplicateGroupConnectionType, {
    description: 'Groups of figures with the same picture, for a person to decide on.',
  })
  async duplicateGroups(
    @Args() { reviewed, first, after }: DuplicateGroupsArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<DuplicateGroupConnectionType> {
    const list = 'duplicateGroups';
    const from = parseListCursor(list, after);
    const page = await this.review.groups(viewer, reviewed ?? null, { after: from, first: first ?? null });
    return toListConnection(list, page, from, (group) => group);
  }

  @Query(() => DuplicateDecisionConnectionType, {
    description:
      'What was decided of pairs of figures, the latest first: all pairs of one `decideDuplicates` follow one another. To take a decision back, give its figures to `decideDuplicates` as UNDECIDED.',
  })
  async duplicateDecisions(
    @Args() { first, after }: ListArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<DuplicateDecisionConnectionType> {
    const page = await this.review.list(viewer, parseDecisionCursor(after), first ?? null);
    return toConnection(page, after != null, decisionCursorOf);
  }

  @Mutation(() => [DuplicateDecisionType], {
    description: 'Decides on all pairs of some figures; answers what now holds of these pairs.',
  })
  decideDuplicates(
    @Args() { figureIds, verdict, keep }: DecideDuplicatesArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<readonly DuplicateDecisionType[]> {
    return this.review.decide(viewer, { figureIds, verdict, keptId: keep ?? null });
  }

  @ResolveField(() => [FigureType], { description: 'The first 50, the one first that all are the same as.' })
  figures(@Parent() { figureIds }: DuplicateGroupType, @Context() { loaders }: GraphContext) {
    return loaders.existingFigures(figureIds);
  }

  @ResolveField(() => [DuplicateDecisionType], { description: 'What was decided of pairs of its figures.' })
  decisions(@Parent() { figureIds }: DuplicateGroupType, @Context() { viewer }: GraphContext) {
    return this.review.among(viewer, figureIds);
  }
}

@Resolver(() => DuplicateDecisionType)
export class DuplicateDecisionResolver {
  @ResolveField(() => [FigureType], { description: 'The two figures, where they exist.' })
  figures(@Parent() { figureIds }: DuplicateDecisionType, @Context() { loaders }: GraphContext) {
    return loaders.existingFigures(figureIds);
  }

  @ResolveField(() => FigureType, { nullable: true, description: 'Of KEEP_ONE: the figure that stays to be seen.' })
  kept(@Parent() { keptId }: DuplicateDecisionType, @Context() { loaders }: GraphContext) {
    return keptId === null ? null : loaders.figure.load(keptId);
  }
}

@Resolver(() => FigureType)
export class HiddenFigureResolver {
  @ResolveField(() => Boolean, {
    description:
      'Whether another figure with the same picture was kept in its place (`decideDuplicates`). A hidden figure is in no search, list and suggestion; by its id, in its article and in its collections it is there.',
  })
  isHidden(@Parent() { id }: FigureType, @Context() { loaders }: GraphContext) {
    return loaders.isHidden.load(id);
  }
}
