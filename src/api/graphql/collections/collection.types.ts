import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { FigureListPage } from '../../../corpus/figure-list.js';
import type { Rating } from '../../../domain/collection.js';
import { FigureType, NodeType, PageInfoType } from '../figures/types.js';

@ObjectType('Collection', { implements: () => [NodeType], description: 'Figures that a curator keeps together.' })
export class CollectionType extends NodeType {
  @Field() name!: string;
  @Field(() => String, { nullable: true }) description!: string | null;
  @Field(() => Int, { description: 'Figures in it.' }) size!: number;
  @Field(() => Date) createdAt!: Date;
}

@ObjectType('CollectionItem')
export class CollectionItemType {
  figureId!: string;
  rating!: Rating | null;
  @Field(() => String, { nullable: true }) note!: string | null;
  @Field(() => [String]) tags!: readonly string[];
  @Field(() => Date) addedAt!: Date;
}

@ObjectType('CollectionItemEdge')
class CollectionItemEdgeType {
  @Field() cursor!: string;
  @Field(() => CollectionItemType) node!: CollectionItemType;
}

@ObjectType('CollectionItemConnection')
export class CollectionItemConnectionType {
  @Field(() => [CollectionItemEdgeType]) edges!: readonly CollectionItemEdgeType[];
  @Field(() => [CollectionItemType]) nodes!: readonly CollectionItemType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}

@ObjectType('CollectionEdge')
class CollectionEdgeType {
  @Field() cursor!: string;
  @Field(() => CollectionType) node!: CollectionType;
}

@ObjectType('CollectionConnection')
export class CollectionConnectionType {
  @Field(() => [CollectionEdgeType]) edges!: readonly CollectionEdgeType[];
  @Field(() => [CollectionType]) nodes!: readonly CollectionType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
}

@ObjectType('FigureEdge')
class FigureEdgeType {
  @Field() cursor!: string;
  @Field(() => FigureType) node!: FigureType;
}

@ObjectType('FigureConnection')
export class FigureConnectionType {
  page!: Pick<FigureListPage, 'facets'>;
  @Field(() => [FigureEdgeType]) edges!: readonly FigureEdgeType[];
  @Field(() => [FigureType]) nodes!: readonly FigureType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
  @Field(() => Int, { description: 'All figures that the filter allows.' }) total!: number;
}
