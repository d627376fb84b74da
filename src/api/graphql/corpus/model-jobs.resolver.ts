import { Args, Context, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { ModelJob } from '../../../domain/model-job.js';
import type { Precision } from '../../../domain/precision.js';
import { ListModels } from '../../../models/list-models.js';
import { ModelJobs } from '../../../models/model-jobs.js';
import type { GraphContext, SubscriptionContext } from '../server/graph-context.js';
import { KnownModelType, ModelJobType, precisionNames, type PrecisionName } from './model-jobs.types.js';

const precisionOf: Readonly<Record<PrecisionName, Precision>> = {
  FP32: 'fp32',
  FP16_WEIGHTS: 'fp16-weights',
  FP16: 'fp16',
  INT8: 'int8',
};

/** Fetching, verifying, comparing and activating model packages. */
@Resolver(() => ModelJobType)
export class ModelJobsResolver {
  constructor(
    private readonly jobs: ModelJobs,
    private readonly models: ListModels,
  ) {}

  @Query(() => [ModelJobType], { description: 'The latest first, 20 at most.' })
  modelJobs(@Context() { viewer }: GraphContext): readonly ModelJobType[] {
    return this.jobs.list(viewer).map(toModelJob);
  }

  @Query(() => ModelJobType, { nullable: true })
  modelJob(@Args('id', { type: () => ID }) id: string, @Context() { viewer }: GraphContext): ModelJobType | null {
    const job = this.jobs.find(viewer, id);
    return job === null ? null : toModelJob(job);
  }

  @Query(() => [KnownModelType], { description: 'Models that can be pulled, and of which no package is there.' })
  async knownModels(@Context() { viewer }: GraphContext): Promise<readonly KnownModelType[]> {
    const { pullable } = await this.models.run(viewer);
    return pullable.map(({ gated, ...model }) => ({ ...model, isGated: gated }));
  }

  @Subscription(() => ModelJobType, {
    name: 'modelJob',
    description: 'The job as it stands, then again as it goes on, twice a second at most; ends with the job.',
    resolve: (job: ModelJob, _args: unknown, context: SubscriptionContext) => {
      context.renew();
      return toModelJob(job);
    },
  })
  watchModelJob(
    @Args('id', { type: () => ID }) id: string,
    @Context() { viewer, signal }: GraphContext,
  ): AsyncIterableIterator<ModelJob> {
    // An error of the stream itself would reach nobody as what it is.
    this.jobs.job(viewer, id);
    return this.jobs.watch(viewer, id, signal);
  }

  @Mutation(() => ModelJobType, {
    description:
      'Begins to fetch a known model and to make a package of it. Stopped, the next pull goes on from there.',
  })
  pullModel(
    @Args('name') model: string,
    @Args('acceptLicense', { description: 'Whether its license and its intended use are accepted (`knownModels`).' })
    acceptLicense: boolean,
    @Args('precision', { type: () => precisionNames, nullable: true, defaultValue: 'FP32' })
    precision: PrecisionName | null | undefined,
    @Context() { viewer }: GraphContext,
  ): ModelJobType {
    const task = { model, precision: precisionOf[precision ?? 'FP32'] };
    return toModelJob(this.jobs.pull(viewer, task, acceptLicense));
  }

  @Mutation(() => ModelJobType, {
    description:
      'Begins to check the files of a package, the vectors that it gives, and a lower precision against fp32 on figures of the corpus.',
  })
  async verifyModel(@Args('name') model: string, @Context() { viewer }: GraphContext): Promise<ModelJobType> {
    return toModelJob(await this.jobs.begin(viewer, { kind: 'VERIFY', model }));
  }

  @Mutation(() => ModelJobType, {
    description:
      'Begins to make a package active: a dual encoder embeds what is stored, beside the vectors that serve, and takes over; a panel detector finds the panels of the next ingest.',
  })
  async useModel(
    @Args('name') model: string,
    @Args('force', {
      nullable: true,
      defaultValue: false,
      type: () => Boolean,
      description: 'Also where a lower precision answers otherwise than fp32 on this corpus.',
    })
    force: boolean | null | undefined,
    @Context() { viewer }: GraphContext,
  ): Promise<ModelJobType> {
    return toModelJob(await this.jobs.begin(viewer, { kind: 'USE', model, force: force === true }));
  }

  @Mutation(() => ModelJobType, {
    description:
      'Begins to ask two packages for the images of a sample of this corpus by their captions. They may be of different checkpoints.',
  })
  async compareModels(
    @Args('name') model: string,
    @Args('against') against: string,
    @Context() { viewer }: GraphContext,
  ): Promise<ModelJobType> {
    return toModelJob(await this.jobs.begin(viewer, { kind: 'COMPARE', model, against }));
  }

  @Mutation(() => ModelJobType, { description: 'Ends a job; what it fetched or embedded stays.' })
  async cancelModelJob(
    @Args('id', { type: () => ID }) id: string,
    @Context() { viewer }: GraphContext,
  ): Promise<ModelJobType> {
    return toModelJob(await this.jobs.cancel(viewer, id));
  }
}

function toModelJob({ task, step, findings, comparison, ...job }: ModelJob): ModelJobType {
  const { kind, model } = task;
  return {
    ...{ ...job, kind, model, checks: findings },
    against: task.kind === 'COMPARE' ? task.against : null,
    step: step === null ? null : { ...step, unit: step.unit === 'bytes' ? 'BYTES' : 'ITEMS' },
    comparison:
      comparison === null ? null : { ...comparison, ...comparison.difference, difference: comparison.difference.mean },
  };
}
