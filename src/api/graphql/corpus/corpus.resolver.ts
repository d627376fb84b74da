import { Context, Query, Resolver } from '@nestjs/graphql';
import { CorpusOverview } from '../../../corpus/corpus-overview.js';
import { CorpusStatsType, ModelType } from '../figures/types.js';
import type { GraphContext } from '../server/graph-context.js';

@Resolver()
export class CorpusResolver {
  constructor(private readonly overview: CorpusOverview) {}

  @Query(() => [ModelType])
  models(@Context() { viewer }: GraphContext): Promise<readonly ModelType[]> {
    return this.overview.models(viewer);
  }

  @Query(() => CorpusStatsType)
  stats(@Context() { viewer }: GraphContext): Promise<CorpusStatsType> {
    return this.overview.stats(viewer);
  }
}
