import { ArgsType, Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { pictureChanges, type PictureChange } from '../../../domain/picture-likeness.js';
import { BoxType } from './panel.types.js';

const PictureChangeEnum = Object.fromEntries(pictureChanges.map((change) => [change, change]));

registerEnumType(PictureChangeEnum, {
  name: 'PictureChange',
  description:
    'What was done to a picture that stands in two places. Turns are clockwise, from this figure to the other one, after the mirror (left to right) where there is one. BRIGHTNESS: brightness or contrast. BORDERED: a uniform border around one of them. CROPPED: one shows a part of the other. PARTIAL: a part of both is the same, with something else around it. EDITED: something was drawn on the common part, or erased from it.',
});

@ObjectType('PictureMatch', {
  description:
    'A picture, or a part of one, that stands in two figures: found by their pixels, never by their vectors.',
})
export class PictureMatchType {
  ownPanelId!: string;
  otherPanelId!: string;
  otherFigureId!: string;
  @Field(() => Float, {
    description: '0..1: correlation of brightness in the common part, times the share of it that is equal.',
  })
  similarity!: number;
  @Field(() => [PictureChangeEnum], {
    description: 'Empty where the two differ by compression at most.',
  })
  changes!: readonly PictureChange[];
  @Field({
    description: 'Whether both show one picture alike: of such figures, an answer shows one.',
  })
  isSamePicture!: boolean;
  @Field(() => BoxType, { description: 'The common part, in pixels of `ownPanel`.' }) box!: BoxType;
  @Field(() => BoxType, { description: 'The common part, in pixels of `panel`.' }) otherBox!: BoxType;
}

export const usualMatches = 50;

/** Which matches of a figure are asked for. */
@ArgsType()
export class MatchArgs {
  @Field(() => Float, { nullable: true, description: '0..1; default: all that was found.' })
  minSimilarity?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: only the same picture, shown alike. False: only changed copies, and pictures used in part. Default: both.',
  })
  samePicture?: boolean | null;
  @Field(() => Int, { nullable: true, defaultValue: usualMatches, description: 'At most so many; to 1000.' })
  first?: number | null;
}
