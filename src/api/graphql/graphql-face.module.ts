import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../core.module.js';
import { CorpusOverview } from '../../search/corpus-overview.js';
import { FigureReader } from '../../store/repositories/figure-reader.js';
import { CorpusResolver } from './corpus.resolver.js';
import { formatError } from './error-format.js';
import { ArticleResolver, FigureResolver, PanelResolver } from './figure.resolver.js';
import { Loaders, type GraphContext } from './loaders.js';
import { FigureHitResolver, SearchResolver } from './search.resolver.js';

/** GraphQL at /graphql, with limits on depth and aliases; the schema is made from the classes beside this file. */
@Module({
  imports: [
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      inject: [CONFIG, FigureReader],
      useFactory: (config: Config, figures: FigureReader): ApolloDriverConfig => ({
        autoSchemaFile: true,
        sortSchema: true,
        introspection: true,
        playground: false,
        // Apollo's landing page would load scripts from another host.
        plugins: [ApolloServerPluginLandingPageDisabled()],
        validationRules: [
          maxDepthRule({ n: config.maxQueryDepth, flattenFragments: true, ignoreIntrospection: true }),
          maxAliasesRule({ n: config.maxQueryAliases }),
        ],
        context: (): GraphContext => ({ loaders: new Loaders(figures) }),
        formatError,
        includeStacktraceInErrorResponses: false,
      }),
    }),
  ],
  providers: [
    CorpusOverview,
    SearchResolver,
    FigureHitResolver,
    FigureResolver,
    PanelResolver,
    ArticleResolver,
    CorpusResolver,
  ],
})
export class GraphqlFaceModule {}
