import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { AtlasResolver } from '../corpus/atlas.resolver.js';
import { ArticleHitResolver, ArticleSearchResolver } from '../search/article-search.resolver.js';
import { CollectionItemResolver, CollectionResolver } from '../collections/collection.resolver.js';
import {
  CollectionItemRatingResolver,
  CollectionRatingResolver,
  CurationResolver,
} from '../collections/curation.resolver.js';
import { CollectionTransferResolver } from '../collections/transfer.resolver.js';
import { CitationResolver } from '../figures/citation.resolver.js';
import { SuggestionsResolver } from '../collections/suggestions.resolver.js';
import { CorpusResolver } from '../corpus/corpus.resolver.js';
import { EditResolver } from '../figures/edit.resolver.js';
import {
  DuplicateDecisionResolver,
  DuplicateReviewResolver,
  HiddenFigureResolver,
} from '../figures/duplicate-review.resolver.js';
import { FigureEditsResolver } from '../figures/figure-edits.resolver.js';
import { FigureDuplicatesResolver, PictureMatchResolver } from '../figures/duplicates.resolver.js';
import { ArticleResolver, FigureResolver, PanelResolver } from '../figures/figure.resolver.js';
import { FigureListResolver } from '../figures/figure-list.resolver.js';
import { IngestResolver } from '../corpus/ingest.resolver.js';
import { FigureMaskResolver, MaskJobResolver, MaskResolver } from '../masks/mask.resolver.js';
import { ModelJobsResolver } from '../corpus/model-jobs.resolver.js';
import { NodeResolver } from '../figures/node.resolver.js';
import { RecognitionResolver } from '../masks/recognition.resolver.js';
import { FigureHitResolver, SearchInfoResolver, SearchResolver } from '../search/search.resolver.js';

/** All classes that resolve a field. */
export const resolvers = [
  SearchResolver,
  FigureHitResolver,
  ArticleSearchResolver,
  ArticleHitResolver,
  SearchInfoResolver,
  FigureResolver,
  PanelResolver,
  ArticleResolver,
  FigureListResolver,
  FigureDuplicatesResolver,
  PictureMatchResolver,
  CollectionResolver,
  CollectionItemResolver,
  CurationResolver,
  SuggestionsResolver,
  CollectionTransferResolver,
  CitationResolver,
  CollectionItemRatingResolver,
  CollectionRatingResolver,
  FigureMaskResolver,
  MaskResolver,
  MaskJobResolver,
  RecognitionResolver,
  IngestResolver,
  ModelJobsResolver,
  NodeResolver,
  CorpusResolver,
  AtlasResolver,
  EditResolver,
  FigureEditsResolver,
  DuplicateReviewResolver,
  DuplicateDecisionResolver,
  HiddenFigureResolver,
];

/** The schema as the server will print it, made from the classes alone: no database, no model. */
export async function schemaText(): Promise<string> {
  const app = await NestFactory.create(GraphQLSchemaBuilderModule, { logger: false });
  await app.init();
  const schema = await app.get(GraphQLSchemaFactory).create(resolvers);
  await app.close();
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
