import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { figureTypes, modalityNames } from '../../../domain/figure-classes.js';
import type { ClassMethod } from '../../../domain/panel-class.js';
import type { ValueRange } from '../../../domain/value-range.js';
import type { FoundBy } from '../../../domain/found-panel.js';

@ObjectType('Box', { description: 'Pixels of the original image.' })
export class BoxType {
  @Field(() => Int) x!: number;
  @Field(() => Int) y!: number;
  @Field(() => Int) width!: number;
  @Field(() => Int) height!: number;
}

export const panelOrigins = { RECORD: 'RECORD', RULES: 'RULES', DETECTOR: 'DETECTOR', PERSON: 'PERSON' } as const;

registerEnumType(panelOrigins, {
  name: 'PanelOrigin',
  description:
    'RECORD: the record names the panels. RULES: empty bands of the image, and the letters of the caption. DETECTOR: a panel detector, and the letters. PERSON: `setFigurePanels`.',
});

const classMethods = { PANELS: 'PANELS', ZERO_SHOT: 'ZERO_SHOT', LINEAR_HEAD: 'LINEAR_HEAD' } as const;

registerEnumType(classMethods, {
  name: 'ClassMethod',
  description:
    'PANELS: a whole figure that has panels is compound. ZERO_SHOT: by the texts that name the classes. LINEAR_HEAD: trained by “figseek classify train”.',
});

@ObjectType('PanelClass', {
  description: 'What a classifier says of a panel by its image vector (docs/classification.md). It can be wrong.',
})
export class PanelClassType {
  @Field({ description: `One of: ${figureTypes.join(', ')}.` }) figureType!: string;
  @Field(() => Float, { description: '0..1; not calibrated.' }) figureTypeProbability!: number;
  @Field(() => String, {
    nullable: true,
    description: `One of: ${modalityNames.join(', ')}. Null for figure types that have none.`,
  })
  modality!: string | null;
  @Field(() => Float, { nullable: true, description: '0..1; not calibrated.' }) modalityProbability!: number | null;
  @Field(() => classMethods) method!: ClassMethod;
}

const rangeSources = { TYPE: 'type', FILE: 'file', VALUES: 'values' } as const;

registerEnumType(rangeSources, {
  name: 'ValueRangeSource',
  description:
    'TYPE: the range of the kind of number. FILE: what the file says, as a window. VALUES: the values of the image, without outliers.',
});

@ObjectType('ValueRange', {
  description: 'The values that are black and white in what is shown and embedded (docs/preprocessing.md).',
})
export class ValueRangeType {
  @Field(() => Float) low!: number;
  @Field(() => Float) high!: number;
  @Field(() => rangeSources) by!: ValueRange['by'];
}

@ObjectType('CaptionPart', { description: 'What a caption says of one panel.' })
export class CaptionPartType {
  @Field() label!: string;
  @Field() caption!: string;
}

@ObjectType('PanelSuggestion', {
  description: 'A split that does not agree with the caption in number: the figure is whole until a person decides.',
})
export class PanelSuggestionType {
  @Field(() => panelOrigins) origin!: FoundBy;
  @Field(() => [BoxType], { description: 'In reading order.' }) boxes!: readonly BoxType[];
  @Field(() => [CaptionPartType], { description: 'The parts of the caption, in its order.' })
  parts!: readonly CaptionPartType[];
}
