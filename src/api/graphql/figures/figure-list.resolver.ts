import { Args, ArgsType, Context, Field, Query, Resolver } from '@nestjs/graphql';
import { FigureList } from '../../../corpus/figure-list.js';
import { FigureConnectionType } from '../collections/collection.types.js';
import { FigureFilterInput } from '../search/filter.inputs.js';
import { ListArgs, parseListCursor, toListConnection } from './list-connection.js';
import type { GraphContext } from '../server/graph-context.js';

@ArgsType()
class FigureListArgs extends ListArgs {
  @Field(() => FigureFilterInput, { nullable: true }) filter?: FigureFilterInput | null;
}

@Resolver(() => FigureConnectionType)
export class FigureListResolver {
  constructor(private readonly list: FigureList) {}

  @Query(() => FigureConnectionType, { description: 'All figures that a filter allows, in the order of their coming.' })
  async figures(@Args() { filter, first, after }: FigureListArgs, @Context() { viewer, loaders }: GraphContext) {
    const from = parseListCursor('figures', after);
    const { total, ...page } = await this.list.page(viewer, filter ?? null, from, first ?? 20);
    // A figure that was deleted since is passed over.
    const figures = await Promise.all(
      page.items.map(async (item) => ({ item, figure: await loaders.figure.load(item.id) })),
    );
    const items = figures.flatMap(({ item: { seq }, figure }) => (figure === null ? [] : [{ seq, figure }]));
    const connection = toListConnection('figures', { ...page, items }, from, ({ figure }) => figure);
    return { ...connection, total };
  }
}
