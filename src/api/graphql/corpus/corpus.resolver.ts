import { Query, Resolver } from '@nestjs/graphql';
import { CorpusOverview } from '../../../corpus/corpus-overview.js';
import { CorpusStatsType, ModelType } from '../figures/types.js';

@Resolver()
export class CorpusResolver {
  constructor(private readonly overview: CorpusOverview) {}

  @Query(() => [ModelType])
  models(): Promise<readonly ModelType[]> {
    return this.overview.models();
  }

  @Query(() => CorpusStatsType)
  stats(): Promise<CorpusStatsType> {
    return this.overview.stats();
  }
}
