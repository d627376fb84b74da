import {
  Args,
  ArgsType,
  Context,
  Field,
  Parent,
  Query,
  registerEnumType,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { FigureList } from '../../../corpus/figure-list.js';
import { facetFields } from '../../../domain/facet.js';
import type { FigureOrder } from '../../../domain/figure-order.js';
import { FigureConnectionType } from '../collections/collection.types.js';
import { FigureFilterInput } from '../search/filter.inputs.js';
import type { GraphContext } from '../server/graph-context.js';
import { ListArgs } from './list-connection.js';
import { FacetType } from './types.js';

const FigureSort: Readonly<Record<FigureOrder, FigureOrder>> = {
  ADDED: 'ADDED',
  NEWEST: 'NEWEST',
  YEAR: 'YEAR',
  ARTICLE: 'ARTICLE',
};

registerEnumType(FigureSort, {
  name: 'FigureSort',
  description: 'In which order figures are listed without a query.',
  valuesMap: {
    ADDED: { description: 'The oldest in the corpus first.' },
    NEWEST: { description: 'The latest in the corpus first; a figure that is updated keeps its place.' },
    YEAR: {
      description:
        'The latest year of publication first, the figures of an article together; figures without a year come last.',
    },
    ARTICLE: {
      description:
        'By the titles of articles, the figures of an article together; figures without an article come last.',
    },
  },
});

@ArgsType()
class FigureListArgs extends ListArgs {
  @Field(() => FigureFilterInput, { nullable: true }) filter?: FigureFilterInput | null;
  @Field(() => FigureSort, { nullable: true, defaultValue: FigureSort.ADDED }) sort?: FigureOrder | null;
}

@Resolver(() => FigureConnectionType)
export class FigureListResolver {
  constructor(private readonly list: FigureList) {}

  @Query(() => FigureConnectionType, {
    description:
      'All figures that a filter allows, without a query. Figures that are added or deleted between two pages neither repeat nor hide others.',
  })
  async figures(
    @Args() { filter, sort, first, after }: FigureListArgs,
    @Context() { viewer, loaders }: GraphContext,
  ): Promise<FigureConnectionType> {
    const request = { filter: filter ?? null, order: sort ?? 'ADDED', after: after ?? null, first: first ?? 20 };
    const page = await this.list.page(viewer, request);
    const figures = await Promise.all(
      page.items.map(async ({ id, cursor }) => ({ cursor, node: await loaders.figure.load(id) })),
    );
    // A figure that was deleted since is passed over.
    const edges = figures.flatMap(({ cursor, node }) => (node === null ? [] : [{ cursor, node }]));
    return {
      edges,
      nodes: edges.map(({ node }) => node),
      pageInfo: {
        hasNextPage: page.hasNextPage,
        hasPreviousPage: page.hasPreviousPage,
        startCursor: page.items[0]?.cursor ?? null,
        endCursor: page.items.at(-1)?.cursor ?? null,
      },
      total: page.total,
      page,
    };
  }

  @ResolveField(() => [FacetType], {
    description:
      'Modality, year, license, journal, label, whether there is a mask (`hasAnyMask`), and what panels are classified as (`figureType`, `predictedModality`), counted over all figures that the filter allows without its own part for the field.',
  })
  facets(@Parent() { page }: FigureConnectionType) {
    return page.facets(facetFields);
  }
}
