import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { ModelJobState, ModelTask } from '../../../domain/model-job.js';

const kinds = { PULL: 'PULL', VERIFY: 'VERIFY', USE: 'USE', COMPARE: 'COMPARE' } as const;
registerEnumType(kinds, {
  name: 'ModelJobKind',
  valuesMap: {
    PULL: { description: 'A known model is fetched and imported.' },
    VERIFY: { description: 'The files of a package and the vectors that it gives are checked.' },
    USE: { description: 'A package becomes active: what is stored is embedded by it, then it serves.' },
    COMPARE: { description: 'Two packages are asked the captions of this corpus.' },
  },
});
const states = { RUNNING: 'RUNNING', DONE: 'DONE', FAILED: 'FAILED', CANCELLED: 'CANCELLED' } as const;
registerEnumType(states, { name: 'ModelJobState' });
const units = { ITEMS: 'ITEMS', BYTES: 'BYTES' } as const;
registerEnumType(units, { name: 'JobUnit' });
const precisionNames = { FP32: 'FP32', FP16_WEIGHTS: 'FP16_WEIGHTS', FP16: 'FP16', INT8: 'INT8' } as const;
export type PrecisionName = keyof typeof precisionNames;
registerEnumType(precisionNames, {
  name: 'ModelPrecision',
  description: 'How a package keeps its weights and computes with them (docs/decisions/0009-precisions.md).',
});
export { precisionNames };

@ObjectType('JobStep', { description: 'The part of a job that is in hand.' })
class JobStepType {
  @Field() what!: string;
  @Field(() => Float) done!: number;
  @Field(() => Float, { nullable: true, description: 'Null where nobody knows.' }) total!: number | null;
  @Field(() => units) unit!: keyof typeof units;
}

@ObjectType('ModelCheck', { description: 'Something that was checked of a model.' })
class ModelCheckType {
  @Field() what!: string;
  @Field() holds!: boolean;
  @Field(() => Float, { description: 'The number behind the answer.' }) value!: number;
}

@ObjectType('CaptionRetrieval', {
  description: 'How well a model finds the image that a caption stands under, among all images of a sample.',
})
class CaptionRetrievalType {
  @Field(() => Float) recallAt1!: number;
  @Field(() => Float) recallAt10!: number;
  @Field(() => Float) meanReciprocalRank!: number;
}

@ObjectType('RetrievalComparison', { description: 'Two models over the same captions and images of the corpus.' })
class RetrievalComparisonType {
  @Field(() => Int, { description: 'Captions that were asked.' }) captions!: number;
  @Field(() => CaptionRetrievalType) model!: CaptionRetrievalType;
  @Field(() => CaptionRetrievalType) against!: CaptionRetrievalType;
  @Field(() => Float, {
    description: 'Mean reciprocal rank of the model less that of the other one: above 0 where the model is better.',
  })
  difference!: number;
  @Field(() => Float, { description: 'Lower end of the 95 % interval of `difference`.' }) low!: number;
  @Field(() => Float, { description: 'Upper end of it.' }) high!: number;
  @Field(() => Float, { description: 'Two-sided: how often so much comes about where the two are alike.' })
  pValue!: number;
}

@ObjectType('ModelJob', {
  description: 'One task with a model package. Jobs are kept until the server ends, the last 20 of them.',
})
export class ModelJobType {
  @Field(() => ID) id!: string;
  @Field(() => kinds) kind!: ModelTask['kind'];
  @Field({ description: 'Name of the package; of PULL, of the known model.' }) model!: string;
  @Field(() => String, { nullable: true, description: 'Of COMPARE: the other package.' }) against!: string | null;
  @Field(() => states) state!: ModelJobState;
  @Field(() => JobStepType, { nullable: true }) step!: JobStepType | null;
  @Field(() => [String], { description: 'What is to be known, in the order in which it was told.' })
  notes!: readonly string[];
  @Field(() => [ModelCheckType], { description: 'Of VERIFY.' }) checks!: readonly ModelCheckType[];
  @Field(() => RetrievalComparisonType, { nullable: true, description: 'Of COMPARE.' })
  comparison!: RetrievalComparisonType | null;
  @Field(() => String, { nullable: true, description: 'Why it is FAILED; null where it is not.' })
  failure!: string | null;
  @Field(() => Date) startedAt!: Date;
  @Field(() => Date, { nullable: true }) endedAt!: Date | null;
}

@ObjectType('KnownModel', { description: 'A model that can be fetched by its name.' })
export class KnownModelType {
  @Field() name!: string;
  @Field() kind!: string;
  @Field({ description: 'Where it lies on the hub.' }) repository!: string;
  @Field(() => String, { nullable: true, description: 'Null: what the hub says of the repository stands.' })
  license!: string | null;
  @Field({ description: 'What a user must know before using it.' }) intendedUse!: string;
  @Field({ description: 'The hub gives it only to those who accepted its conditions there (FIGSEEK_HUB_TOKEN).' })
  isGated!: boolean;
}
