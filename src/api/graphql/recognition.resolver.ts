import { Args, ArgsType, Context, Field, Float, ID, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { FigseekError } from '../../domain/errors.js';
import type { Figure, Panel } from '../../domain/figure.js';
import { checkedPrompt } from '../../domain/mask.js';
import { LiveModel } from '../../live-model.js';
import { rejectedBelow } from '../../masks/plausibility.js';
import { Recognitions } from '../../masks/recognitions.js';
import type { GraphContext } from './graph-context.js';
import type { Loaders } from './loaders.js';
import { RecognitionType, toRecognitionType } from './mask.types.js';
import { FigureType } from './types.js';
import { checkedWait, defaultWaitMs } from './wait.js';

@ArgsType()
class RecogniseArgs {
  @Field({ description: 'One of `maskPrompts`, as “CT-Chest”.' }) imageType!: string;
  @Field(() => Float, { nullable: true, defaultValue: rejectedBelow, description: '0 to 1.' })
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
  constructor(
    private readonly recognitions: Recognitions,
    private readonly live: LiveModel,
  ) {}

  @ResolveField(() => RecognitionType, {
    description:
      'All objects that the model finds in an image of this type, p-value at least `minPValue`, overlaps resolved. Objects without statistics are not looked for. Waits up to `waitMs`, then answers PENDING; ask again.',
  })
  async recognise(
    @Parent() figure: Figure,
    @Args() { imageType, minPValue, panelId, waitMs }: RecogniseArgs,
    @Context() { budget, loaders, signal }: GraphContext,
  ): Promise<RecognitionType> {
    budget.spend();
    const panel = await (panelId == null ? this.bestPanel(figure, imageType, loaders) : loaders.panel.load(panelId));
    if (panel?.figureId !== figure.id) throw new FigseekError('BAD_USER_INPUT', 'Expected a panel of this figure');
    const question = { panel, figure, imageType, minPValue: minPValue ?? rejectedBelow };
    const wait = checkedWait(waitMs ?? defaultWaitMs);
    return toRecognitionType(await this.recognitions.ask(question, wait, signal), panel);
  }

  private async bestPanel({ id }: Figure, imageType: string, loaders: Loaders): Promise<Panel | undefined> {
    const panels = await loaders.panelsOfFigure.load(id);
    const [best] = await this.live.current.bestPanels.of(panels, [checkedPrompt(imageType.replace(/[-_]/g, ' '))]);
    return best;
  }
}
