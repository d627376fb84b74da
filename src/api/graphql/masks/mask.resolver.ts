import {
  Args,
  ArgsType,
  Context,
  Field,
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
import { computeAreaMm2, type Figure } from '../../../domain/figure.js';
import { MaskJobs, type MaskJob } from '../../../masks/scheduling/mask-jobs.js';
import { FigureMasks } from '../../../masks/figure-masks.js';
import { parseColor } from '../../../masks/mask-color.js';
import { listPrompts } from '../../../masks/prompts.js';
import { SegmenterProvider } from '../../../masks/segmenter-provider.js';
import type { GraphContext, SubscriptionContext } from '../server/graph-context.js';
import { validatePartLength, PartArgs, slicePart } from '../figures/list-connection.js';
import { JsonScalar, MaskJobType, MaskPromptType, MaskType, toMaskJobType, toMaskType } from './mask.types.js';
import { FigureType, PanelType } from '../figures/types.js';
import { validateWait, defaultWaitMs } from '../server/wait-argument.js';

const imageTypeArgument = {
  nullable: true,
  description:
    'An image type of `maskPrompts` whose statistics give the p-value. Default: the figure’s modality where it names one that knows the prompt, else the only one that does.',
} as const;

@ArgsType()
class MaskArgs {
  @Field() prompt!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'Default: of a compound figure the panel whose image fits the prompt best, else the whole figure.',
  })
  panelId?: string | null;
  @Field(() => String, imageTypeArgument) imageType?: string | null;
  @Field(() => Int, { nullable: true, defaultValue: defaultWaitMs }) waitMs?: number | null;
}

@Resolver(() => MaskJobType)
export class MaskJobResolver {
  @ResolveField(() => [MaskType], {
    description: 'Without those whose figure is gone or has another picture now, which still count.',
  })
  async masks(
    @Parent() { entries }: MaskJobType,
    @Args('first', { type: () => Int, nullable: true, description: 'Default: all, 2000 at most.' })
    first: number | null | undefined,
    @Context() { loaders }: GraphContext,
  ): Promise<readonly MaskType[]> {
    const asked = first == null ? entries : entries.slice(0, validatePartLength(first));
    return (await loaders.masksOfJob(asked)).map(toMaskType);
  }
}

/** What figures tell of masks. */
@Resolver(() => FigureType)
export class FigureMaskResolver {
  constructor(private readonly masks: FigureMasks) {}

  @ResolveField(() => MaskType, {
    description:
      'A mask on demand. Waits up to `waitMs` for the model, then answers PENDING; ask again. What nobody waits for comes after what people wait for.',
  })
  async mask(
    @Parent() figure: Figure,
    @Args() { prompt, panelId, imageType, waitMs }: MaskArgs,
    @Context() { viewer, loaders, signal, allowWait }: GraphContext,
  ): Promise<MaskType> {
    const wait = validateWait(waitMs ?? defaultWaitMs);
    allowWait(wait);
    const target = { figure, panels: await loaders.panelsOfFigure.load(figure.id) };
    const request = { prompt, panelId: panelId ?? null, imageType: imageType ?? null };
    return toMaskType(await this.masks.requestMask(viewer, target, request, { waitMs: wait, signal }));
  }

  @ResolveField(() => [MaskType], { name: 'masks', description: 'Masks already computed.' })
  async drawn(
    @Parent() figure: FigureType,
    @Args() part: PartArgs,
    @Context() { loaders }: GraphContext,
  ): Promise<readonly MaskType[]> {
    return slicePart(await loaders.masksOfFigure.load(figure.id), part).map(toMaskType);
  }
}

@Resolver(() => MaskType)
export class MaskResolver {
  constructor(
    private readonly figureMasks: FigureMasks,
    private readonly jobs: MaskJobs,
    private readonly segmenters: SegmenterProvider,
  ) {}

  @Query(() => [MaskPromptType], {
    description: 'Prompts that the segmentation model was trained on, by image type; none where there is no segmenter.',
  })
  async maskPrompts(
    @Args('imageType', { type: () => String, nullable: true }) imageType: string | null | undefined,
  ): Promise<readonly MaskPromptType[]> {
    return listPrompts(await this.segmenters.findManifest(), imageType ?? null);
  }

  @Mutation(() => MaskJobType, {
    description:
      'Begins masks of many figures in the background, each of the panel that `Figure.mask` would take; ask for the job by its id, or for the masks.',
  })
  async requestMasks(
    @Args('figureIds', { type: () => [ID] }) figureIds: string[],
    @Args('prompts', { type: () => [String] }) prompts: string[],
    @Args('imageType', { ...imageTypeArgument, type: () => String }) imageType: string | null | undefined,
    @Context() { viewer, loaders }: GraphContext,
  ): Promise<MaskJobType> {
    const request = { figureIds, prompts, imageType: imageType ?? null };
    return toMaskJobType(await this.figureMasks.requestJob(viewer, request, (id) => loaders.figureWithPanels(id)));
  }

  @Mutation(() => MaskJobType, {
    description:
      'Gives up what of a job is not made yet, and counts it as FAILED; a mask that somebody else wants, or that the model works on, is made.',
  })
  cancelMasks(@Args('jobId', { type: () => ID }) jobId: string, @Context() { viewer }: GraphContext): MaskJobType {
    return toMaskJobType(this.jobs.cancel(viewer, jobId));
  }

  @Subscription(() => MaskJobType, {
    description: 'The job as it stands, then again as its masks end, a few times a second at most; ends with the job.',
    resolve: (job: MaskJob, _args: unknown, context: SubscriptionContext) => {
      context.renew();
      return toMaskJobType(job);
    },
  })
  maskJob(
    @Args('id', { type: () => ID }) id: string,
    @Context() { viewer }: GraphContext,
  ): AsyncIterableIterator<MaskJob> {
    return this.jobs.watch(viewer, id);
  }

  @ResolveField(() => PanelType)
  panel(@Parent() mask: MaskType, @Context() { loaders }: GraphContext) {
    return loaders.panel.load(mask.panelId);
  }

  @ResolveField(() => Float, {
    nullable: true,
    description: 'In square millimeters; null where `Figure.pixelSpacing` is.',
  })
  async areaMm2(@Parent() mask: MaskType, @Context() { loaders }: GraphContext): Promise<number | null> {
    if (mask.areaPixels === null) return null;
    const panel = await loaders.panel.load(mask.panelId);
    const figure = panel && (await loaders.figure.load(panel.figureId));
    return computeAreaMm2(mask.areaPixels, figure?.pixelSpacing ?? null);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What a user of its segmenter must know; null where that is not the server’s own any more.',
  })
  warning(@Parent() { model }: MaskType): Promise<string | null> {
    return this.segmenters.findWarning(model);
  }

  @ResolveField(() => [[[Float]]], {
    nullable: true,
    description: 'Outer rings and holes: closed rings of points [x, y], in pixels of the original image.',
  })
  async polygons(@Parent() mask: MaskType, @Context() { loaders }: GraphContext) {
    return mask.outcome?.status === 'READY' ? (await loaders.maskShape.load(mask.hash))?.polygons : null;
  }

  @ResolveField(() => JsonScalar, {
    nullable: true,
    description: 'COCO run-length encoding on the panel: {size: [height, width], counts: string}.',
  })
  async rle(@Parent() mask: MaskType, @Context() { loaders }: GraphContext) {
    return mask.outcome?.status === 'READY' ? (await loaders.maskShape.load(mask.hash))?.rle : null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'One-channel PNG, 0 or 255, at the panel’s size; `?size=` is the longest side.',
  })
  pngUrl(@Parent() { id, outcome }: MaskType): string | null {
    return outcome?.status === 'READY' ? `/masks/${id}.png` : null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'A PNG to lay over the panel, colored inside; `color` as e6194b; `&size=` is the longest side.',
  })
  overlayUrl(
    @Parent() { id, outcome }: MaskType,
    @Args('color', { type: () => String, nullable: true }) color: string | null | undefined,
  ): string | null {
    return outcome?.status === 'READY' ? `/masks/${id}/overlay.png?color=${parseColor(color)}` : null;
  }
}
