import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { FigureEdits } from '../../../corpus/figure-edits.js';
import type { GraphContext } from '../server/graph-context.js';
import { FigureEditConnectionType, UpdateFigureInput } from './figure-edits.types.js';
import { ListArgs, parseListCursor, toListConnection } from './list-connection.js';
import { FigureType } from './types.js';

const idArgument = { type: () => ID };

@Resolver(() => FigureType)
export class FigureEditsResolver {
  constructor(private readonly changes: FigureEdits) {}

  @ResolveField(() => FigureEditConnectionType, {
    description: 'What people changed, in the order in which they did; `releaseFigureEdits` gives it back.',
  })
  async edits(
    @Parent() { id }: FigureType,
    @Args() { first, after }: ListArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<FigureEditConnectionType> {
    const list = `${id}/edits`;
    const from = parseListCursor(list, after);
    const page = await this.changes.history(viewer, id, { after: from, first: first ?? null });
    return toListConnection(list, page, from, (edit) => edit);
  }

  @Mutation(() => FigureType, {
    description:
      'Changes what is said of a figure. It is found by that at once, and it stays when its record is read again. A changed license removes `licenseText`.',
  })
  updateFigure(
    @Args('id', idArgument) id: string,
    @Args('input') input: UpdateFigureInput,
    @Context() { viewer }: GraphContext,
  ) {
    return this.changes.update(viewer, id, input);
  }

  @Mutation(() => FigureType, { description: 'The labels alone, in place of those that the figure has.' })
  setFigureLabels(
    @Args('figureId', idArgument) figureId: string,
    @Args('labels', { type: () => [String] }) labels: string[],
    @Context() { viewer }: GraphContext,
  ) {
    return this.changes.update(viewer, figureId, { labels });
  }

  @Mutation(() => FigureType, {
    description: 'Gives all changes of a figure back: each field has the value of its record again, at once.',
  })
  releaseFigureEdits(@Args('id', idArgument) id: string, @Context() { viewer }: GraphContext) {
    return this.changes.release(viewer, id);
  }
}
