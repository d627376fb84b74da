import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
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
