import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';

@InputType()
export class ArticleInput {
  @Field(() => String, { nullable: true }) pmcid?: string | null;
  @Field(() => String, { nullable: true }) pmid?: string | null;
  @Field(() => String, { nullable: true }) doi?: string | null;
  @Field() title!: string;
  @Field(() => [String], { nullable: true }) authors?: string[] | null;
  @Field(() => String, { nullable: true }) journal?: string | null;
  @Field(() => Int, { nullable: true }) year?: number | null;
  @Field(() => String, { nullable: true }) license?: string | null;
  @Field(() => String, { nullable: true }) url?: string | null;
}

@InputType({ description: 'Whole pixels of the image as it is shown, after its orientation.' })
export class BoxInput {
  @Field(() => Int) x!: number;
  @Field(() => Int) y!: number;
  @Field(() => Int) width!: number;
  @Field(() => Int) height!: number;
}

@InputType({ description: 'A part of a compound figure with its own caption.' })
export class PanelInput {
  @Field(() => String, { nullable: true }) label?: string | null;
  @Field(() => BoxInput) box!: BoxInput;
  @Field(() => String, { nullable: true }) caption?: string | null;
}

@InputType({ description: 'The image by exactly one of uploadId (from POST /uploads) and base64.' })
export class AddFigureInput {
  @Field(() => ID, { nullable: true }) uploadId?: string | null;
  @Field(() => String, { nullable: true }) base64?: string | null;
  @Field() caption!: string;
  @Field(() => String, { nullable: true, description: 'Your own id for it; made from the image where absent.' })
  sourceKey?: string | null;
  @Field(() => String, { nullable: true }) label?: string | null;
  @Field(() => String, { nullable: true }) license?: string | null;
  @Field(() => [String], { nullable: true }) labels?: string[] | null;
  @Field(() => [Float], { nullable: true, description: 'As in an ingest record: of the file, before its orientation.' })
  pixelSpacing?: number[] | null;
  @Field(() => [PanelInput], {
    nullable: true,
    description: 'As in an ingest record: at most 100 parts of the image, beside the whole figure.',
  })
  panels?: PanelInput[] | null;
  @Field(() => ArticleInput, { nullable: true }) article?: ArticleInput | null;
}
