import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { CollectionType } from './collection.types.js';

export enum CollectionExportFormat {
  JSONL = 'JSONL',
  CSV = 'CSV',
  COCO = 'COCO',
  BIBTEX = 'BIBTEX',
  RIS = 'RIS',
  CSL_JSON = 'CSL_JSON',
  ZIP = 'ZIP',
}

registerEnumType(CollectionExportFormat, {
  name: 'CollectionExportFormat',
  description:
    'JSONL: records as an ingest takes them, with notes, tags and ratings. CSV: a table. COCO: the masks. BIBTEX, RIS, CSL_JSON: the articles. ZIP: the images, with their records and a file that says whom each is to be attributed to.',
});

export const maxListedUnknown = 100;

@ObjectType('CollectionImport', { description: 'What became of a list of ids.' })
export class CollectionImportType {
  @Field(() => CollectionType) collection!: CollectionType;
  @Field(() => Int, { description: 'Figures that came in.' }) added!: number;
  @Field(() => Int, { description: 'Figures of the list that were members before.' }) present!: number;
  @Field(() => [String], {
    description: 'Lines that name no figure of the corpus, and no article with one; the first 100.',
  })
  unknown!: readonly string[];
  @Field(() => Int, { description: 'How many such lines there are.' }) unknownCount!: number;
}
