import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { FigureSearch } from '../../search/figure-search.js';
import type { GraphContext } from './loaders.js';
import { SearchArgs, toSearchRequest } from './search.inputs.js';
import { FigureHitConnectionType, FigureHitType, FigureType, PanelType } from './types.js';

@Resolver()
export class SearchResolver {
  constructor(private readonly search: FigureSearch) {}

  @Query(() => FigureHitConnectionType, {
    description: 'Text-to-figure and image-to-figure search, ranked by all channels together.',
  })
  async searchFigures(@Args() args: SearchArgs, @Context() { budget }: GraphContext): Promise<FigureHitConnectionType> {
    budget.spend();
    const { hits, info } = await this.search.search(toSearchRequest(args));
    return { nodes: hits, info };
  }
}

@Resolver(() => FigureHitType)
export class FigureHitResolver {
  @ResolveField(() => FigureType)
  figure(@Parent() hit: FigureHitType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(hit.figureId);
  }

  @ResolveField(() => PanelType, { description: 'The panel that matched best; the whole figure is a panel too.' })
  panel(@Parent() hit: FigureHitType, @Context() { loaders }: GraphContext) {
    return loaders.panel.load(hit.panelId);
  }
}
