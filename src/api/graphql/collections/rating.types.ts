import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { PageInfoType } from '../figures/types.js';

export enum Rating {
  RELEVANT = 'RELEVANT',
  IRRELEVANT = 'IRRELEVANT',
  NONE = 'NONE',
}

registerEnumType(Rating, {
  name: 'Rating',
  description: 'What a curator says of a figure in view of a collection. NONE: nothing.',
});

@ObjectType('CollectionRating', { description: 'A figure that was rated in view of a collection, member or not.' })
export class CollectionRatingType {
  figureId!: string;
  @Field(() => Rating) rating!: `${Rating}`;
  @Field(() => Date) ratedAt!: Date;
  @Field({ description: 'Whether the figure is in the collection.' }) isMember!: boolean;
}

@ObjectType('CollectionRatingEdge')
class CollectionRatingEdgeType {
  @Field() cursor!: string;
  @Field(() => CollectionRatingType) node!: CollectionRatingType;
}

@ObjectType('CollectionRatingConnection')
export class CollectionRatingConnectionType {
  @Field(() => [CollectionRatingEdgeType]) edges!: readonly CollectionRatingEdgeType[];
  @Field(() => [CollectionRatingType]) nodes!: readonly CollectionRatingType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}

/** Which ratings of a collection are listed. */
@ArgsType()
export class RatingsArgs {
  @Field(() => Rating, { nullable: true, description: 'Only such ratings; default: both kinds.' })
  rating?: Rating | null;
  @Field(() => Int, { nullable: true, defaultValue: 50 }) first?: number | null;
  @Field(() => String, { nullable: true }) after?: string | null;
}

/** A member of a collection, and what of it is to be changed. */
@ArgsType()
export class CollectionItemArgs {
  @Field(() => ID) collectionId!: string;
  @Field(() => ID) figureId!: string;
  @Field(() => String, { nullable: true }) note?: string | null;
  @Field(() => [String], { nullable: true }) tags?: string[] | null;
}
