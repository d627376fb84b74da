import { Args, ArgsType, Context, Field, Float, ID, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Figure } from '../../../domain/figure.js';
import { FigureMasks } from '../../../masks/figure-masks.js';
import { significanceLevel } from '../../../masks/statistics/plausibility.js';
import type { GraphContext } from '../server/graph-context.js';
import { RecognitionType, toRecognitionType } from './mask.types.js';
import { FigureType } from '../figures/types.js';
import { validateWait, defaultWaitMs } from '../server/wait-argument.js';

@ArgsType()
class DetectArgs {
  @Field({ description: 'One of `maskPrompts`, as “CT-Chest”.' }) imageType!: string;
  @Field(() => Float, { nullable: true, defaultValue: significanceLevel, description: '0 to 1.' })
  minPValue?: number | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Default: of a compound figure the panel that is most like such an image, else the whole figure.',
  })
  panelId?: string | null;
  @Field(() => Int, { nullable: true, defaultValue: defaultWaitMs }) waitMs?: number | null;
}

@Resolver(() => FigureType)
export class RecognitionResolver {
  constructor(private readonly masks: FigureMasks) {}

  @ResolveField(() => RecognitionType, {
    description:
      'All objects that the model finds in an image of this type, p-value at least `minPValue`, overlaps resolved. Objects without statistics are not looked for. Waits up to `waitMs`, then answers PENDING; ask again.',
  })
  async recognise(
    @Parent() figure: Figure,
    @Args() { imageType, minPValue, panelId, waitMs }: DetectArgs,
    @Context() { viewer, loaders, signal, allowWait }: GraphContext,
  ): Promise<RecognitionType> {
    const wait = validateWait(waitMs ?? defaultWaitMs);
    allowWait(wait);
    const target = { figure, panels: await loaders.panelsOfFigure.load(figure.id) };
    const request = { imageType, panelId: panelId ?? null, minPValue: minPValue ?? null };
    return toRecognitionType(await this.masks.detectObjects(viewer, target, request, { waitMs: wait, signal }));
  }
}
