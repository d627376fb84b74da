import { Field, Float, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { StoragePart } from '../../../corpus/storage-overview.js';

const names = {
  DATABASE: 'DATABASE',
  IMAGES: 'IMAGES',
  INDEXES: 'INDEXES',
  MODELS: 'MODELS',
  UPLOADS: 'UPLOADS',
} as const;
registerEnumType(names, { name: 'StoragePartName' });

@ObjectType('StoragePart')
class StoragePartType {
  @Field(() => names) name!: StoragePart['name'];
  @Field(() => Float) bytes!: number;
  @Field({ description: 'Whether only some of very many files were looked at.' }) isEstimate!: boolean;
}

@ObjectType('Storage', { description: 'What the data takes on the disk.' })
export class StorageType {
  @Field({ description: 'The data folder.' }) folder!: string;
  @Field(() => [StoragePartType]) parts!: readonly StoragePartType[];
  @Field(() => Float, { description: 'What is free on the disk of the data folder.' }) freeBytes!: number;
}
