import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import { FigseekError } from '../../domain/errors.js';
import type { ImageReference, SearchRequest } from '../../search/search-request.js';
import { SearchChannel } from './types.js';

@InputType({ description: 'Exactly one of uploadId (from POST /uploads), base64, figureId, panelId.' })
export class ImageInput {
  @Field(() => ID, { nullable: true }) uploadId?: string | null;
  @Field(() => String, { nullable: true }) base64?: string | null;
  @Field(() => ID, { nullable: true }) figureId?: string | null;
  @Field(() => ID, { nullable: true }) panelId?: string | null;
}

@InputType({ description: 'Give `text`, `image`, or both; they add up.' })
export class SearchInput {
  @Field(() => String, { nullable: true }) text?: string | null;
  @Field(() => ImageInput, { nullable: true }) image?: ImageInput | null;
  @Field(() => [SearchChannel], {
    nullable: true,
    description: 'Which evidence may count. Default: all that apply to the query.',
  })
  channels?: SearchChannel[] | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Compare with every vector in place of the approximate index.',
  })
  exact?: boolean | null;
}

@ArgsType()
export class SearchArgs {
  @Field(() => SearchInput) query!: SearchInput;
  @Field(() => Int, { nullable: true, defaultValue: 20 }) first?: number | null;
}

@ArgsType()
export class SimilarArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20 }) first?: number | null;
  @Field(() => [SearchChannel], { nullable: true }) channels?: SearchChannel[] | null;
}

@ArgsType()
export class ArticleArgs {
  @Field(() => ID, { nullable: true }) id?: string | null;
  @Field(() => String, { nullable: true }) pmcid?: string | null;
  @Field(() => String, { nullable: true }) pmid?: string | null;
  @Field(() => String, { nullable: true }) doi?: string | null;
}

export function toSearchRequest({ query, first }: SearchArgs): SearchRequest {
  return {
    text: query.text ?? null,
    not: null,
    image: query.image ? toImageReference(query.image) : null,
    channels: query.channels ?? null,
    first: first ?? 20,
    exact: query.exact ?? false,
  };
}

function toImageReference(input: ImageInput): ImageReference {
  const given: ImageReference[] = [];
  if (input.uploadId != null) given.push({ kind: 'upload', id: input.uploadId });
  if (input.base64 != null) given.push({ kind: 'bytes', bytes: fromBase64(input.base64) });
  if (input.figureId != null) given.push({ kind: 'figure', id: input.figureId });
  if (input.panelId != null) given.push({ kind: 'panel', id: input.panelId });
  const [one] = given;
  if (one === undefined || given.length > 1) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected exactly one of uploadId, base64, figureId, panelId in the image but received ${given.length}`,
    );
  }
  return one;
}

function fromBase64(text: string): Uint8Array {
  const bare = text.replace(/^data:[^,]{0,100},/, '').replace(/\s+/g, '');
  if (bare === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(bare)) {
    throw new FigseekError('BAD_USER_INPUT', 'The image is not base64');
  }
  return Buffer.from(bare, 'base64');
}
