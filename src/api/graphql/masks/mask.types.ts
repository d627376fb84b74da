import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GraphQLScalarType } from 'graphql';
import type { Mask, MaskOutcome } from '../../../domain/mask.js';
import type { JobMask, MaskJob } from '../../../masks/scheduling/mask-jobs.js';
import type { Panel } from '../../../domain/figure.js';
import type { FigureDetection } from '../../../masks/figure-masks.js';
import { BoxType } from '../figures/panel.types.js';
import { NodeType, PanelType } from '../figures/types.js';

export enum MaskStatus {
  PENDING = 'PENDING',
  READY = 'READY',
  FAILED = 'FAILED',
}

registerEnumType(MaskStatus, { name: 'MaskStatus' });

export const JsonScalar = new GraphQLScalarType({ name: 'JSON', description: 'Any JSON value.' });

/** Panel, outline, run lengths and addresses are resolved by field. */
@ObjectType('Mask', { implements: () => [NodeType] })
export class MaskType extends NodeType {
  hash!: string;
  panelId!: string;
  outcome!: MaskOutcome | null;
  @Field(() => MaskStatus) status!: MaskStatus;
  @Field(() => String, { nullable: true }) error!: string | null;
  @Field({ description: 'In lower case, each space single: as the model reads it.' }) prompt!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Whose statistics gave the p-value, where several image types know the prompt or one was asked for.',
  })
  imageType!: string | null;
  @Field({ description: 'The segmenter.' }) model!: string;
  @Field({
    description:
      'Whether it is an object of a `recognise`: pixels that others claim with more right are left out of it. False for a mask by its prompt alone.',
  })
  isRecognised!: boolean;
  @Field(() => Boolean, {
    nullable: true,
    description: 'False where it is empty or the p-value is below 0.05: the object is probably not in the image.',
  })
  found!: boolean | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'How plausible the mask’s colors are for this object; null where the model has no statistics for the prompt, or several image types know it and none was named.',
  })
  pValue!: number | null;
  @Field(() => Float, { nullable: true }) similarity!: number | null;
  @Field(() => Int, { nullable: true }) areaPixels!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of the panel, 0..1.' }) areaFraction!: number | null;
  @Field(() => [BoxType], { nullable: true, description: 'One box for each connected component, largest first.' })
  boxes!: readonly BoxType[] | null;
}

@ObjectType('MaskJob', {
  implements: () => [NodeType],
  description: 'Masks that were asked for together; ask for it again by its id. Forgotten when the server ends.',
})
export class MaskJobType extends NodeType {
  @Field(() => MaskStatus, { description: 'FAILED where every mask failed.' }) status!: MaskStatus;
  @Field(() => Int, { description: 'Made, failed or cancelled.' }) done!: number;
  @Field(() => Int) total!: number;
  /** Resolved by field. */
  entries!: readonly JobMask[];
}

@ObjectType('Recognition')
export class RecognitionType {
  @Field(() => MaskStatus) status!: MaskStatus;
  @Field(() => String, { nullable: true }) error!: string | null;
  @Field({ description: 'As the segmentation model names it.' }) imageType!: string;
  @Field(() => PanelType) panel!: Panel;
  @Field(() => [MaskType], { description: 'The most plausible first; no pixel is in two of them.' })
  masks!: readonly MaskType[];
}

@ObjectType('MaskPrompt')
export class MaskPromptType {
  @Field() imageType!: string;
  @Field() prompt!: string;
  @Field({
    description:
      'Whether masks for it get a p-value. Where several image types know the prompt, pass `imageType` to `Figure.mask` or `requestMasks`, unless it is the figure’s modality.',
  })
  hasStatistics!: boolean;
}

export function toMaskType(mask: Mask): MaskType {
  const { outcome } = mask;
  const measures = outcome?.status === 'READY' ? outcome.measures : nothing;
  const error = outcome?.status === 'FAILED' ? outcome.error : null;
  const status = MaskStatus[outcome?.status ?? 'PENDING'];
  return { ...mask, ...measures, isRecognised: mask.isDetected, error, status };
}

const nothing = { found: null, pValue: null, similarity: null, areaPixels: null, areaFraction: null, boxes: null };

export function toMaskJobType({ id, masks }: MaskJob): MaskJobType {
  const ended = masks.filter(({ end }) => end !== null);
  const final = ended.some(({ end }) => end?.status === 'READY') ? MaskStatus.READY : MaskStatus.FAILED;
  const status = ended.length < masks.length ? MaskStatus.PENDING : final;
  return { id, status, done: ended.length, total: masks.length, entries: masks };
}

export function toRecognitionType({ panel, imageType, outcome }: FigureDetection): RecognitionType {
  const masks = outcome?.status === 'READY' ? outcome.masks.map(toMaskType) : [];
  const error = outcome?.status === 'FAILED' ? outcome.error : null;
  return { status: MaskStatus[outcome?.status ?? 'PENDING'], error, imageType, panel, masks };
}
