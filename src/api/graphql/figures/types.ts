import { Field, Float, ID, Int, InterfaceType, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { PanelOrigin } from '../../../domain/found-panel.js';
import type { Channel } from '../../../domain/search.js';
import type { ArticleAnswer } from '../../../search/article-search.js';
import type { SearchAnswer } from '../../../search/figure-search.js';
import { BoxType, panelOrigins, PanelSuggestionType, ValueRangeType } from './panel.types.js';
import { SearchInfoType } from './search-info.type.js';

export enum SearchChannel {
  IMAGE = 'IMAGE',
  CAPTION = 'CAPTION',
  KEYWORD = 'KEYWORD',
}

registerEnumType(SearchChannel, {
  name: 'SearchChannel',
  description:
    'IMAGE: query against image vectors. CAPTION: against caption vectors. KEYWORD: BM25 over caption, description, label, labels, title, journal, mentions and ids. What the words of a query require holds for each of them.',
});

export enum Fusion {
  RECIPROCAL_RANK = 'RECIPROCAL_RANK',
  WEIGHTED_SCORES = 'WEIGHTED_SCORES',
}

registerEnumType(Fusion, {
  name: 'Fusion',
  description:
    'How the channels become one list: by their ranks, or by their scores from 0 for the worst to 1 for the best.',
});

export type NodeKind = 'Figure' | 'Panel' | 'Article' | 'Collection' | 'Mask' | 'MaskJob' | 'IngestRun';

@InterfaceType('Node', { resolveType: ({ nodeKind }: { readonly nodeKind: NodeKind }) => nodeKind })
export abstract class NodeType {
  @Field(() => ID) id!: string;
}

/** The figure and the article are resolved by field, from these keys. */
@ObjectType('Article', { implements: () => [NodeType] })
export class ArticleType extends NodeType {
  @Field(() => String, { nullable: true }) pmcid!: string | null;
  @Field(() => String, { nullable: true }) pmid!: string | null;
  @Field(() => String, { nullable: true }) doi!: string | null;
  @Field() title!: string;
  @Field(() => [String]) authors!: readonly string[];
  @Field(() => String, { nullable: true }) journal!: string | null;
  @Field(() => Int, { nullable: true }) year!: number | null;
  @Field(() => String, { nullable: true }) license!: string | null;
  @Field(() => String, { nullable: true, description: "The license in the publisher's words." })
  licenseText!: string | null;
  @Field(() => String, { nullable: true }) url!: string | null;
  @Field() retracted!: boolean;
}

@ObjectType('Figure', { implements: () => [NodeType] })
export class FigureType extends NodeType {
  articleId!: string | null;
  @Field({
    description:
      'Name of the source that the record belongs to; empty where it is older than sources and no ingest has claimed it.',
  })
  source!: string;
  @Field({ description: 'The id of the record in its source.' }) sourceKey!: string;
  @Field(() => String, { nullable: true }) label!: string | null;
  @Field({ description: 'Empty where the source gives none.' }) caption!: string;
  @Field(() => String, { nullable: true, description: "The source's own description for readers who cannot see it." })
  alt!: string | null;
  @Field(() => String, { nullable: true }) credit!: string | null;
  @Field(() => String, { nullable: true }) license!: string | null;
  @Field(() => String, { nullable: true, description: "The figure's own license in the publisher's words." })
  licenseText!: string | null;
  @Field(() => [String]) labels!: readonly string[];
  @Field(() => String, {
    nullable: true,
    description:
      'As the record says. Where it is not null, trust it more than what panels are classified as (`Panel.predicted`).',
  })
  modality!: string | null;
  @Field(() => [String], { description: 'Sentences of the article that mention the figure.' })
  mentions!: readonly string[];
  @Field(() => Int) width!: number;
  @Field(() => Int) height!: number;
  @Field(() => [Float], {
    nullable: true,
    description:
      'Millimeters from one row of the image to the next, then from one column to the next; null where the source does not say.',
  })
  pixelSpacing!: readonly number[] | null;
  @Field(() => ValueRangeType, { nullable: true, description: 'Null where the numbers of the image are 8-bit.' })
  valueRange!: ValueRangeType | null;
  @Field(() => panelOrigins, {
    nullable: true,
    description:
      'Where its panels come from; null where it has none beside the whole figure, and for figures that were stored before this was kept.',
  })
  panelOrigin!: PanelOrigin | null;
  @Field(() => PanelSuggestionType, { nullable: true }) panelSuggestion!: PanelSuggestionType | null;
  @Field(() => Date) createdAt!: Date;
}

@ObjectType('Panel', {
  implements: () => [NodeType],
  description:
    'What is embedded and found: the whole figure, or one of the parts that its record names (`panels`), with its part of the caption.',
})
export class PanelType extends NodeType {
  figureId!: string;
  @Field(() => String, { nullable: true }) label!: string | null;
  @Field(() => String, { nullable: true }) caption!: string | null;
  @Field(() => BoxType, { description: 'In pixels of the image as it is shown; of the whole figure all of it.' })
  box!: BoxType;
}

@ObjectType('Evidence')
export class EvidenceType {
  @Field(() => SearchChannel) channel!: Channel;
  @Field(() => Int) rank!: number;
  @Field(() => Float, { description: 'The cosine; BM25 for KEYWORD.' }) score!: number;
}

@ObjectType('FigureHit')
export class FigureHitType {
  figureId!: string;
  panelId!: string;
  duplicateIds!: readonly string[];
  /** The answer that it belongs to; null outside a search. */
  answer!: Pick<SearchAnswer, 'snippet' | 'heatMapId'> | null;
  @Field(() => Int) rank!: number;
  @Field(() => Float, { description: 'Fused score, only comparable inside one answer.' }) score!: number;
  @Field(() => [EvidenceType], { description: 'What each channel said: why this hit is here.' })
  evidence!: readonly EvidenceType[];
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it fits the query, and is not only nearer to it than others (docs/search.md). Null where no rule tells.',
  })
  isMatch!: boolean | null;
}

@ObjectType('PageInfo')
export class PageInfoType {
  @Field() hasNextPage!: boolean;
  @Field() hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true }) startCursor!: string | null;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}

@ObjectType('FacetValue')
export class FacetValueType {
  @Field() value!: string;
  @Field(() => Int, {
    description:
      'Figures that carry it, of all that can be listed: those that the filter allows and that hold what the texts require. A search by vectors lists all of these, near or far; one text by KEYWORD alone lists those that hold a word of it, and these are counted.',
  })
  count!: number;
  @Field(() => Int, {
    nullable: true,
    description:
      'How many of these are hits of this answer, the whole filter included: the figures ranked so far whose `isMatch` is not false, and those that they stand for; all figures where the query holds nothing but conditions, or is one text by KEYWORD alone. Null outside a search.',
  })
  hits?: number | null;
}

@ObjectType('Facet')
export class FacetType {
  @Field() field!: string;
  @Field(() => [FacetValueType]) values!: readonly FacetValueType[];
}

@ObjectType('FigureHitEdge')
export class FigureHitEdgeType {
  @Field() cursor!: string;
  @Field(() => FigureHitType) node!: FigureHitType;
}

@ObjectType('FigureHitConnection')
export class FigureHitConnectionType {
  answer!: SearchAnswer;
  @Field(() => [FigureHitEdgeType]) edges!: readonly FigureHitEdgeType[];
  @Field(() => [FigureHitType]) nodes!: readonly FigureHitType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
  @Field(() => SearchInfoType) info!: SearchInfoType;
}

@ObjectType('ArticleHit')
export class ArticleHitType {
  articleId!: string;
  @Field(() => Int) rank!: number;
  @Field(() => Float, { description: 'Only comparable inside one answer.' }) score!: number;
  @Field(() => [FigureHitType], { description: 'Its figures that fit best, best first, at most five.' })
  figures!: readonly FigureHitType[];
}

@ObjectType('ArticleHitEdge')
export class ArticleHitEdgeType {
  @Field() cursor!: string;
  @Field(() => ArticleHitType) node!: ArticleHitType;
}

@ObjectType('ArticleHitConnection')
export class ArticleHitConnectionType {
  answer!: ArticleAnswer;
  @Field(() => [ArticleHitEdgeType]) edges!: readonly ArticleHitEdgeType[];
  @Field(() => [ArticleHitType]) nodes!: readonly ArticleHitType[];
  @Field(() => PageInfoType) pageInfo!: PageInfoType;
  @Field(() => SearchInfoType) info!: SearchInfoType;
}

@ObjectType('Model')
export class ModelType {
  @Field() name!: string;
  @Field() kind!: string;
  @Field() version!: string;
  @Field(() => Int, { nullable: true }) dimensions!: number | null;
  @Field() active!: boolean;
  @Field(() => String, { nullable: true }) provider!: string | null;
  @Field(() => String, { nullable: true }) precision!: string | null;
  @Field(() => String, { nullable: true }) license!: string | null;
  @Field(() => String, { nullable: true }) warning!: string | null;
}

@ObjectType('CorpusStats')
export class CorpusStatsType {
  @Field(() => Int) articles!: number;
  @Field(() => Int) figures!: number;
  @Field(() => Int, { description: 'The whole figures and their parts.' }) panels!: number;
  @Field(() => Int, { description: 'Drawn masks of its figures.' }) masks!: number;
  @Field(() => String, { nullable: true }) model!: string | null;
  @Field(() => String, { nullable: true }) generation!: string | null;
  @Field(() => Int) indexedPanels!: number;
  @Field(() => [FacetValueType]) byModality!: readonly FacetValueType[];
  @Field(() => [FacetValueType]) byLicense!: readonly FacetValueType[];
  @Field(() => [FacetValueType]) byYear!: readonly FacetValueType[];
}
