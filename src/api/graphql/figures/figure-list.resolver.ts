import { Inject } from '@nestjs/common';
import { Args, ArgsType, Context, Field, Query, Resolver } from '@nestjs/graphql';
import type { Config } from '../../../app/config.js';
import { CONFIG } from '../../../app/container.js';
import { validateFilter } from '../../../domain/figure-filter.js';
import { validateFirst } from '../../../domain/page.js';
import { FigureFilters } from '../../../ports/figure-filters.js';
import { FigureConnectionType } from '../collections/collection.types.js';
import { FigureFilterInput } from '../search/filter.inputs.js';
import { ListArgs, seqOf, toListConnection } from './list-connection.js';
import type { GraphContext } from '../server/graph-context.js';

@ArgsType()
class FigureListArgs extends ListArgs {
  @Field(() => FigureFilterInput, { nullable: true }) filter?: FigureFilterInput | null;
}

@Resolver(() => FigureConnectionType)
export class FigureListResolver {
  constructor(
    private readonly filters: FigureFilters,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => FigureConnectionType, { description: 'All figures that a filter allows, in the order of their coming.' })
  async figures(@Args() { filter, first, after }: FigureListArgs, @Context() { loaders }: GraphContext) {
    const from = seqOf('figures', after);
    const resolved = await this.filters.resolve(filter ? validateFilter(filter) : null, await this.filters.corpus());
    const page = await this.filters.page(resolved, from, validateFirst(first ?? 20, this.config.maxFirst));
    // A figure that was deleted since is passed over.
    const figures = await Promise.all(
      page.items.map(async (item) => ({ item, figure: await loaders.figure.load(item.id) })),
    );
    const items = figures.flatMap(({ item: { seq }, figure }) => (figure === null ? [] : [{ seq, figure }]));
    const connection = toListConnection('figures', { ...page, items }, from, ({ figure }) => figure);
    return { ...connection, total: resolved.count };
  }
}
