import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from '../masks/mask.types.js';
import { PageInfoType } from './types.js';

@InputType({ description: 'What is to be changed; what is absent stays as it is.' })
export class UpdateFigureInput {
  @Field(() => String, { nullable: true, description: 'Empty: the figure has no caption.' }) caption?: string | null;
  @Field(() => [String], { nullable: true, description: 'In place of all labels; at most 1000.' })
  labels?: string[] | null;
  @Field(() => String, { nullable: true, description: 'Empty: the figure has none.' }) modality?: string | null;
  @Field(() => String, { nullable: true, description: "Empty: that of the figure's article counts." })
  license?: string | null;
}

@ObjectType('FigureEdit', { description: 'One change of one field of a figure by a person.' })
export class FigureEditType {
  @Field({ description: 'caption, labels, modality, license or licenseText.' }) field!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'As the field: a text, a list of texts, or null.' })
  from!: string | readonly string[] | null;
  @Field(() => JsonScalar, { nullable: true }) to!: string | readonly string[] | null;
  @Field({ description: 'Whether the field was given back to its record.' }) isRelease!: boolean;
  @Field({ description: 'Who changed it: the kind of viewer, as there are no accounts yet.' }) editor!: string;
  @Field(() => Date) editedAt!: Date;
}

@ObjectType('FigureEditEdge')
class FigureEditEdgeType {
  @Field() cursor!: string;
  @Field(() => FigureEditType) node!: FigureEditType;
}

@ObjectType('FigureEditConnection')
export class FigureEditConnectionType {
  @Field(() => [FigureEditEdgeType]) edges!: readonly FigureEditEdgeType[];
  @Field(() => [FigureEditType]) nodes!: readonly FigureEditType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}
