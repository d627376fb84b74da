import { Context, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CorpusOverview } from '../../../corpus/corpus-overview.js';
import { StorageOverview } from '../../../corpus/storage-overview.js';
import { SampleRemoval } from '../../../corpus/sample-removal.js';
import { CorpusStatsType, ModelType } from '../figures/types.js';
import { StorageType } from './storage.types.js';
import type { GraphContext } from '../server/graph-context.js';

@Resolver()
export class CorpusResolver {
  constructor(
    private readonly overview: CorpusOverview,
    private readonly samples: SampleRemoval,
    private readonly disk: StorageOverview,
  ) {}

  @Query(() => [ModelType])
  models(@Context() { viewer }: GraphContext): Promise<readonly ModelType[]> {
    return this.overview.models(viewer);
  }

  @Query(() => CorpusStatsType)
  stats(@Context() { viewer }: GraphContext): Promise<CorpusStatsType> {
    return this.overview.stats(viewer);
  }

  @Query(() => StorageType, { description: 'What the data takes on the disk, as it was within the last minute.' })
  storage(@Context() { viewer }: GraphContext): Promise<StorageType> {
    return this.disk.storage(viewer);
  }

  @Query(() => Int, { description: 'How many of the drawn sample figures there are.' })
  sampleFigures(@Context() { viewer }: GraphContext): Promise<number> {
    return this.samples.count(viewer);
  }

  @Mutation(() => Int, {
    description:
      'Deletes the drawn sample figures, which the next start does not draw again; answers how many there were.',
  })
  removeSamples(@Context() { viewer }: GraphContext): Promise<number> {
    return this.samples.removeAll(viewer);
  }
}
