import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  Float,
  ID,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import type { Config } from '../../../app/config.js';
import { CONFIG } from '../../../app/container.js';
import { paceOf, type IngestRun } from '../../../domain/ingest-run.js';
import { validateFirst } from '../../../domain/page.js';
import { IngestHistory } from '../../../corpus/ingest-history.js';
import { IngestStarter } from '../../../corpus/ingest-starter.js';
import type { GraphContext, SubscriptionContext } from '../server/graph-context.js';
import { IngestFaultConnectionType, IngestOrderArgs, IngestRunConnectionType, IngestRunType } from './ingest.types.js';
import { ListArgs, parseListCursor, toListConnection } from '../figures/list-connection.js';

/** What ingests did, and what they did not take. */
@Resolver(() => IngestRunType)
export class IngestResolver {
  constructor(
    private readonly history: IngestHistory,
    private readonly starter: IngestStarter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => IngestRunType, { nullable: true })
  ingestRun(@Args('id', { type: () => ID }) id: string, @Context() { loaders }: GraphContext) {
    return loaders.ingestRun.load(id);
  }

  @Query(() => IngestRunConnectionType, { description: 'The latest first.' })
  async ingestRuns(
    @Args() { first, after }: ListArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<IngestRunConnectionType> {
    const from = parseListCursor('ingestRuns', after);
    const page = await this.history.runs(viewer, from, validateFirst(first ?? 20, this.config.maxFirst));
    return toListConnection('ingestRuns', page, from, (run) => run);
  }

  @Subscription(() => IngestRunType, {
    name: 'ingestRun',
    description: 'The run as it stands, then again as it goes on, twice a second at most; ends with the run.',
    resolve: (run: IngestRun, _args: unknown, context: SubscriptionContext) => {
      context.renew();
      return run;
    },
  })
  async watchIngestRun(
    @Args('id', { type: () => ID }) id: string,
    @Context() { viewer, signal }: GraphContext,
  ): Promise<AsyncIterableIterator<IngestRun>> {
    // An error of the stream itself would reach nobody as what it is.
    await this.history.run(viewer, id);
    return this.history.watch(viewer, id, signal);
  }

  @Mutation(() => IngestRunType, {
    description: 'Asks a run to end after the figures in hand: what is stored stays, and the next run goes on.',
  })
  cancelIngest(@Args('id', { type: () => ID }) id: string, @Context() { viewer }: GraphContext) {
    return this.history.cancel(viewer, id);
  }

  @Query(() => [String], {
    description: 'Folders of the server’s machine below which `startIngest` may read (FIGSEEK_INGEST_ROOTS).',
  })
  ingestRoots(): readonly string[] {
    return this.starter.roots;
  }

  @Mutation(() => IngestRunType, {
    description:
      'Begins the ingest of a file or folder of the server’s machine, below one of `ingestRoots`, or of an article of PubMed Central (`pmc:PMC8253867`). It goes on beside the server’s other work, in a process of its own.',
  })
  startIngest(
    @Args('path') source: string,
    @Args() { format, sourceName }: IngestOrderArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<IngestRun> {
    return this.starter.fromPath(viewer, { source, format: format ?? 'auto', sourceName: sourceName ?? null });
  }

  @Mutation(() => IngestRunType, {
    description:
      'Begins the ingest of files that were sent to `POST /ingest-uploads`. They are deleted when all of them were taken, and otherwise kept for a while, so that `retryIngest` can read them again.',
  })
  startUploadedIngest(
    @Args('uploadId', { type: () => ID }) uploadId: string,
    @Args() { format, sourceName }: IngestOrderArgs,
    @Context() { viewer }: GraphContext,
  ): Promise<IngestRun> {
    return this.starter.fromUpload(viewer, uploadId, { format: format ?? 'auto', sourceName: sourceName ?? null });
  }

  @Mutation(() => IngestRunType, {
    description: 'Reads the source of a run once more, as a new run: what is stored is passed over.',
  })
  retryIngest(
    @Args('id', { type: () => ID }) id: string,
    @Args('format', { type: () => String, nullable: true, defaultValue: 'auto', description: 'As it was given then.' })
    format: string | null | undefined,
    @Context() { viewer }: GraphContext,
  ): Promise<IngestRun> {
    return this.starter.again(viewer, id, format ?? 'auto');
  }

  @ResolveField(() => Boolean, {
    description: 'Whether `retryIngest` can read its source: it is there, and may be read.',
  })
  isRetryable(@Parent() run: IngestRun, @Context() { viewer }: GraphContext): Promise<boolean> {
    return this.starter.isReadable(viewer, run);
  }

  @ResolveField(() => Float, { nullable: true, description: 'Records a second; null before the first one.' })
  figuresPerSecond(@Parent() run: IngestRun): number | null {
    return paceOf(run, new Date()).recordsPerSecond;
  }

  @ResolveField(() => Float, {
    nullable: true,
    description: 'Null after its end, before the first record, and without a `total`.',
  })
  etaSeconds(@Parent() run: IngestRun): number | null {
    return paceOf(run, new Date()).secondsLeft;
  }

  @ResolveField(() => IngestFaultConnectionType, { description: 'What was not taken, in the order of the source.' })
  async faults(
    @Parent() { id }: IngestRunType,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null | undefined,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Context() { viewer }: GraphContext,
  ): Promise<IngestFaultConnectionType> {
    const from = parseListCursor(id, after);
    const page = await this.history.faults(viewer, id, from, validateFirst(first ?? 50, this.config.maxFirst));
    return toListConnection(id, page, from, (fault) => fault);
  }
}
