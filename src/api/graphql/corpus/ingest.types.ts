import { ArgsType, Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { IngestState } from '../../../domain/ingest-run.js';
import { NodeType, PageInfoType } from '../figures/types.js';

const states = { RUNNING: 'RUNNING', DONE: 'DONE', FAILED: 'FAILED', CANCELLED: 'CANCELLED' } as const;
registerEnumType(states, { name: 'IngestState' });

@ObjectType('IngestRun', { implements: () => [NodeType], description: 'One ingest of one source.' })
export class IngestRunType extends NodeType {
  @Field({ description: 'What was read: a path of the server’s machine, or a fixed text.' }) source!: string;
  @Field(() => states) state!: IngestState;
  @Field(() => String, { nullable: true, description: 'Why it is FAILED; null where it is not.' })
  failure!: string | null;
  @Field(() => Int, { description: 'Records that were read.' }) read!: number;
  @Field(() => Int) added!: number;
  @Field(() => Int) updated!: number;
  @Field(() => Int) unchanged!: number;
  @Field(() => Int, { description: 'Records that were not taken.' }) rejected!: number;
  @Field(() => Int, {
    description:
      'Files and folders that are no records, keys that are not known, and corrected panels that do not fit a new image.',
  })
  leftOut!: number;
  @Field(() => Int, { description: 'Figures that were removed: the source no longer has their records.' })
  removed!: number;
  @Field(() => Int, { nullable: true, description: 'Records of the source; null where nobody counted them.' })
  total!: number | null;
  @Field(() => Date) startedAt!: Date;
  @Field(() => Date, { nullable: true }) endedAt!: Date | null;
}

@ObjectType('IngestFault', { description: 'What was not taken, and why.' })
export class IngestFaultType {
  @Field({ description: 'Id of the record, or its line; for LEFT_OUT a path, for UNKNOWN_KEY a key.' })
  sourceKey!: string;
  @Field({ description: 'LEFT_OUT and UNKNOWN_KEY were left out on purpose; any other is a fault of a record.' })
  code!: string;
  @Field() message!: string;
}

@ObjectType('IngestFaultEdge')
class IngestFaultEdgeType {
  @Field() cursor!: string;
  @Field(() => IngestFaultType) node!: IngestFaultType;
}

@ObjectType('IngestFaultConnection')
export class IngestFaultConnectionType {
  @Field(() => [IngestFaultEdgeType]) edges!: readonly IngestFaultEdgeType[];
  @Field(() => [IngestFaultType]) nodes!: readonly IngestFaultType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}

@ObjectType('IngestRunEdge')
class IngestRunEdgeType {
  @Field() cursor!: string;
  @Field(() => IngestRunType) node!: IngestRunType;
}

@ObjectType('IngestRunConnection')
export class IngestRunConnectionType {
  @Field(() => [IngestRunEdgeType]) edges!: readonly IngestRunEdgeType[];
  @Field(() => [IngestRunType]) nodes!: readonly IngestRunType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}

@ArgsType()
export class IngestOrderArgs {
  @Field(() => String, {
    nullable: true,
    defaultValue: 'auto',
    description: 'What is read: `auto` looks at it; the others are those of “figseek ingest --format”.',
  })
  format!: string | null | undefined;
  @Field(() => String, {
    nullable: true,
    description:
      'The source that the records belong to: the same name again updates its figures. By default the one that the path had before, or one named after it.',
  })
  sourceName!: string | null | undefined;
}
