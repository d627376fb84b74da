import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { PageInfoType } from './types.js';

export enum DuplicateVerdict {
  KEEP_ALL = 'KEEP_ALL',
  KEEP_ONE = 'KEEP_ONE',
  NOT_SAME = 'NOT_SAME',
  UNDECIDED = 'UNDECIDED',
}

registerEnumType(DuplicateVerdict, {
  name: 'DuplicateVerdict',
  description:
    'KEEP_ALL: they show the same picture, and all stay. KEEP_ONE: all but one are hidden from searches, lists and suggestions. NOT_SAME: they are never grouped or named as duplicates of each other again. UNDECIDED: nothing; it takes decisions back.',
});

@ObjectType('DuplicateDecision', { description: 'What a person decided of two figures.' })
export class DuplicateDecisionType {
  @Field(() => [ID], { description: 'Of the two, also where one was deleted meanwhile.' })
  figureIds!: readonly string[];
  keptId!: string | null;
  @Field(() => DuplicateVerdict) verdict!: `${DuplicateVerdict}`;
  @Field({ description: 'The kind of viewer, as there are no accounts yet.' }) decidedBy!: string;
  @Field(() => Date) decidedAt!: Date;
}

@ObjectType('DuplicateGroup', { description: 'Figures that show the same picture as the first one of them.' })
export class DuplicateGroupType {
  figureIds!: readonly string[];
  @Field(() => Int, { description: 'Figures in it; `figures` are 50 of them at most.' }) size!: number;
}

@ObjectType('DuplicateGroupEdge')
class DuplicateGroupEdgeType {
  @Field() cursor!: string;
  @Field(() => DuplicateGroupType) node!: DuplicateGroupType;
}

@ObjectType('DuplicateGroupConnection')
export class DuplicateGroupConnectionType {
  @Field(() => [DuplicateGroupEdgeType]) edges!: readonly DuplicateGroupEdgeType[];
  @Field(() => [DuplicateGroupType]) nodes!: readonly DuplicateGroupType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}

@ObjectType('DuplicateDecisionEdge')
class DuplicateDecisionEdgeType {
  @Field() cursor!: string;
  @Field(() => DuplicateDecisionType) node!: DuplicateDecisionType;
}

@ObjectType('DuplicateDecisionConnection')
export class DuplicateDecisionConnectionType {
  @Field(() => [DuplicateDecisionEdgeType]) edges!: readonly DuplicateDecisionEdgeType[];
  @Field(() => [DuplicateDecisionType]) nodes!: readonly DuplicateDecisionType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}

/** Which groups are listed. */
@ArgsType()
export class DuplicateGroupsArgs {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'False: groups with a figure that waits for a decision. True: the others. Null: all.',
  })
  reviewed?: boolean | null;
  @Field(() => Int, { nullable: true, defaultValue: 20 }) first?: number | null;
  @Field(() => String, { nullable: true }) after?: string | null;
}

/** A decision of a person. */
@ArgsType()
export class DecideDuplicatesArgs {
  @Field(() => [ID], { description: '2 to 50; each pair of them is decided on.' }) figureIds!: string[];
  @Field(() => DuplicateVerdict) verdict!: DuplicateVerdict;
  @Field(() => ID, { nullable: true, description: 'Of KEEP_ONE: which of the figures.' }) keep?: string | null;
}
