import { ArgsType, Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { FigseekError } from '../../../domain/errors.js';
import { allChannels, type Channel } from '../../../domain/search.js';
import {
  defaultSearchRequest,
  type ImageReference,
  type ImageSource,
  type SearchRequest,
  type Term,
} from '../../../search/search-request.js';
import { FigureFilterInput } from './filter.inputs.js';
import { Fusion, SearchChannel } from '../figures/types.js';

@InputType({ description: 'A part of an image, in fractions 0..1 of its width and height.' })
export class RegionInput {
  @Field(() => Float) x!: number;
  @Field(() => Float) y!: number;
  @Field(() => Float) width!: number;
  @Field(() => Float) height!: number;
}

@InputType({
  description:
    'Exactly one of uploadId (from POST /uploads), base64, figureId, panelId, maskId. `region` cuts a part out of it: fractions 0..1. A mask, which has to be READY, is such a part of its panel: what it outlines, with some of what is around.',
})
export class ImageInput {
  @Field(() => ID, { nullable: true }) uploadId?: string | null;
  @Field(() => String, { nullable: true }) base64?: string | null;
  @Field(() => ID, { nullable: true }) figureId?: string | null;
  @Field(() => ID, { nullable: true }) panelId?: string | null;
  @Field(() => ID, { nullable: true }) maskId?: string | null;
  @Field(() => RegionInput, { nullable: true }) region?: RegionInput | null;
}

@InputType({ description: 'A text or an image. A positive weight draws towards it, a negative one pushes away.' })
export class TermInput {
  @Field(() => String, { nullable: true }) text?: string | null;
  @Field(() => ImageInput, { nullable: true }) image?: ImageInput | null;
  @Field(() => Float, { nullable: true, defaultValue: 1 }) weight?: number | null;
}

@InputType({ description: 'How much each channel counts. Default: IMAGE 1, CAPTION 0.5, KEYWORD 1.5.' })
export class ChannelWeightsInput implements Partial<Record<SearchChannel, number | null>> {
  @Field(() => Float, { nullable: true }) IMAGE?: number | null;
  @Field(() => Float, { nullable: true }) CAPTION?: number | null;
  @Field(() => Float, { nullable: true }) KEYWORD?: number | null;
}

@InputType({
  description:
    'Give `text`, `image`, or `terms`; they add up. A negative weight pushes away: {text: "necrosis", weight: -0.5}.',
})
export class SearchInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Words. Phrases in quotation marks, AND, NOT or -word, fields as journal:eLife, and ids are conditions for every channel; docs/search.md lists the rules. The same holds for the text of a term that draws.',
  })
  text?: string | null;
  @Field(() => ImageInput, { nullable: true }) image?: ImageInput | null;
  @Field(() => [TermInput], { nullable: true }) terms?: TermInput[] | null;
  @Field(() => [SearchChannel], {
    nullable: true,
    description: 'Which evidence may count. Default: all that apply to the query.',
  })
  channels?: SearchChannel[] | null;
  @Field(() => Fusion, { nullable: true, defaultValue: Fusion.WEIGHTED_SCORES }) fusion?: Fusion | null;
  @Field(() => ChannelWeightsInput, { nullable: true }) channelWeights?: ChannelWeightsInput | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Compare with every vector in place of the approximate index.',
  })
  exact?: boolean | null;
  @Field(() => Float, {
    nullable: true,
    description:
      "Drops hits whose fused score (`FigureHit.score`) is less than this share of the best hit's, 0..1; null and 0 drop none. Scores are no probabilities and no cosines: a share fits one kind of query and one method of fusion. Of one text the scores are shares of the best already; by RECIPROCAL_RANK half the best score is a rank of about 62. `SearchInfo.total` and the counts of facets do not know of it, `totalIsExact` is then false. To end where nothing fits any more, use `FigureHit.isMatch`.",
  })
  minRelativeScore?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Show one figure of each group of near-identical ones.',
  })
  collapseDuplicates?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Whether plain words are also looked for by their synonyms and written-out abbreviations (heart attack: myocardial infarction). `SearchInfo.expansions` tells which.',
  })
  expand?: boolean | null;
}

@ArgsType()
class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20 }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'The cursor of a hit: the page behind it.' })
  after?: string | null;
}

@ArgsType()
export class SearchArgs extends PageArgs {
  @Field(() => SearchInput) query!: SearchInput;
  @Field(() => FigureFilterInput, { nullable: true }) filter?: FigureFilterInput | null;
}

@ArgsType()
export class SimilarArgs extends PageArgs {
  @Field(() => [SearchChannel], { nullable: true }) channels?: SearchChannel[] | null;
  @Field(() => FigureFilterInput, { nullable: true }) filter?: FigureFilterInput | null;
}

@ArgsType()
export class ArticleArgs {
  @Field(() => ID, { nullable: true }) id?: string | null;
  @Field(() => String, { nullable: true }) pmcid?: string | null;
  @Field(() => String, { nullable: true }) pmid?: string | null;
  @Field(() => String, { nullable: true }) doi?: string | null;
}

/** @param query without masks: `resolveMaskRegions` takes them first */
export function toSearchRequest({ query, filter, first }: SearchArgs): SearchRequest {
  return {
    terms: toTerms(query),
    channels: query.channels ?? null,
    filter: filter ?? null,
    first: first ?? defaultSearchRequest.first,
    exact: query.exact ?? defaultSearchRequest.exact,
    fusion: query.fusion ?? defaultSearchRequest.fusion,
    channelWeights: toWeights(query.channelWeights ?? {}),
    minRelativeScore: query.minRelativeScore ?? null,
    collapseDuplicates: query.collapseDuplicates ?? defaultSearchRequest.collapseDuplicates,
    expand: query.expand ?? defaultSearchRequest.expand,
  };
}

export function toSimilar({ first, channels, filter }: SimilarArgs) {
  return { first: first ?? defaultSearchRequest.first, channels: channels ?? null, filter: filter ?? null };
}

function toTerms({ text, image, terms }: SearchInput): readonly Term[] {
  const plain: Term[] = [];
  if (text != null) plain.push({ kind: 'text', text, weight: 1 });
  if (image != null) plain.push({ kind: 'image', image: toImageReference(image), weight: 1 });
  return [...plain, ...(terms ?? []).map(toTerm)];
}

function toTerm({ text, image, weight }: TermInput): Term {
  if (text != null && image == null) return { kind: 'text', text, weight: weight ?? 1 };
  if (image != null && text == null) return { kind: 'image', image: toImageReference(image), weight: weight ?? 1 };
  throw new FigseekError('BAD_USER_INPUT', 'Expected either a text or an image in each term');
}

function toWeights(given: ChannelWeightsInput): SearchRequest['channelWeights'] {
  const weights: Partial<Record<Channel, number>> = {};
  for (const channel of allChannels) {
    const weight = given[channel];
    if (weight != null) weights[channel] = weight;
  }
  return weights;
}

function toImageReference(input: ImageInput): ImageReference {
  const given: ImageSource[] = [];
  if (input.uploadId != null) given.push({ kind: 'upload', id: input.uploadId });
  if (input.base64 != null) given.push({ kind: 'bytes', bytes: fromBase64(input.base64) });
  if (input.figureId != null) given.push({ kind: 'figure', id: input.figureId });
  if (input.panelId != null) given.push({ kind: 'panel', id: input.panelId });
  const [source] = given;
  const count = given.length + Number(input.maskId != null);
  if (source === undefined || count > 1) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected exactly one of uploadId, base64, figureId, panelId, maskId in the image but received ${count}`,
    );
  }
  return { source, region: input.region ?? null };
}

export function fromBase64(text: string): Uint8Array {
  const bare = text.replace(/^data:[^,]{0,100},/, '').replace(/\s+/g, '');
  if (bare === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(bare)) {
    throw new FigseekError('BAD_USER_INPUT', 'The image is not base64');
  }
  return Buffer.from(bare, 'base64');
}
