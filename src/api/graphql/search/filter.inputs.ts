import { Field, Float, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { figureTypes, modalityNames } from '../../../domain/figure-classes.js';
import type { FigureFilter, MaskFilter } from '../../../domain/figure-filter.js';

export enum Reuse {
  ANY = 'ANY',
  COMMERCIAL = 'COMMERCIAL',
  DERIVATIVES = 'DERIVATIVES',
  COMMERCIAL_DERIVATIVES = 'COMMERCIAL_DERIVATIVES',
}

registerEnumType(Reuse, {
  name: 'Reuse',
  description: 'A use that the license has to allow. An unknown license allows nothing but ANY.',
});

@InputType('MaskFilter')
class MaskFilterInput implements MaskFilter {
  @Field() prompt!: string;
  @Field(() => Float, { nullable: true, description: 'Of the panel, 0..1.' }) minAreaFraction?: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Without it a mask counts where its object was found, or where the model has no statistics.',
  })
  minPValue?: number | null;
}

@InputType('FigureFilter', {
  description:
    'All conditions must hold; of a list, any value may. Upper and lower case are the same; an empty list is no condition.',
})
export class FigureFilterInput implements FigureFilter {
  @Field(() => Int, { nullable: true }) yearFrom?: number | null;
  @Field(() => Int, { nullable: true }) yearTo?: number | null;
  @Field(() => [Int], { nullable: true, description: 'Holds beside yearFrom and yearTo.' }) years?: number[] | null;
  @Field(() => [String], { nullable: true }) modalities?: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: `Figures with a panel that is classified as one of these, and figures with panels as compound: ${figureTypes.join(', ')}.`,
  })
  figureTypes?: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: `Figures with a panel that is classified as one of these, whatever their records say: ${modalityNames.join(', ')}.`,
  })
  predictedModalities?: string[] | null;
  @Field(() => [String], { nullable: true }) licenses?: string[] | null;
  @Field(() => [String], { nullable: true }) journals?: string[] | null;
  @Field(() => [String], { nullable: true }) labels?: string[] | null;
  @Field(() => [ID], { nullable: true }) articleIds?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Only the members of this collection.' })
  collectionId?: string | null;
  @Field(() => Reuse, { nullable: true, description: 'Only figures whose license allows this use.' })
  reuse?: Reuse | null;
  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Counts at the top level only.' })
  excludeRetracted?: boolean | null;
  @Field(() => MaskFilterInput, {
    nullable: true,
    description: 'Only figures that have a mask for this prompt, of at least this area and p-value.',
  })
  hasMask?: MaskFilterInput | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only figures that have a mask of any prompt, or only those that have none. A mask counts where it covers something, and its object was found or the model has no statistics, as for hasMask without minPValue.',
  })
  hasAnyMask?: boolean | null;
  @Field(() => Date, { nullable: true }) ingestedAfter?: Date | null;
  @Field(() => [FigureFilterInput], { nullable: true }) and?: FigureFilterInput[] | null;
  @Field(() => [FigureFilterInput], { nullable: true }) or?: FigureFilterInput[] | null;
  @Field(() => FigureFilterInput, { nullable: true }) not?: FigureFilterInput | null;
}
