import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { Response } from 'express';
import type { GraphQLError, ValidationContext } from 'graphql';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../core.module.js';
import { FigseekError } from '../../domain/errors.js';
import { LiveModel } from '../../live-model.js';
import { ModelRegistry } from '../../models/registry.js';
import { MaskJobs } from '../../masks/mask-jobs.js';
import { Masks } from '../../masks/masks.js';
import { CorpusOverview } from '../../search/corpus-overview.js';
import { CollectionRepository } from '../../store/repositories/collection.repository.js';
import { FigureReader } from '../../store/repositories/figure-reader.js';
import { MaskRepository } from '../../store/repositories/mask.repository.js';
import { formatError } from './error-format.js';
import { Loaders, type GraphContext } from './loaders.js';
import { SchemaController } from './schema.controller.js';
import { resolvers } from './schema-text.js';
import { SearchBudget } from './search-budget.js';

// Thrown out of validation, Apollo would take a limit for a fault of the server.
const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError): void => {
      context?.reportError(error);
    },
  ],
};

function untilGone(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort(new FigseekError('TIMEOUT', 'The client went away'));
  });
  return gone.signal;
}

/** GraphQL at /graphql, with limits on depth, aliases and searches; the schema is made from the classes beside this file. */
@Module({
  imports: [
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      inject: [CONFIG, FigureReader, CollectionRepository, MaskRepository, Masks, MaskJobs],
      useFactory: (
        config: Config,
        figures: FigureReader,
        collections: CollectionRepository,
        maskStore: MaskRepository,
        masks: Masks,
        maskJobs: MaskJobs,
      ): ApolloDriverConfig => ({
        autoSchemaFile: true,
        sortSchema: true,
        introspection: true,
        playground: false,
        // Before, it would wait for open requests as the HTTP server does, and cut them off after ten seconds.
        stopOnApplicationShutdown: true,
        // Apollo's landing page would load scripts from another host.
        plugins: [ApolloServerPluginLandingPageDisabled()],
        validationRules: [
          maxDepthRule({ n: config.maxQueryDepth, flattenFragments: true, ignoreIntrospection: true, ...reported }),
          maxAliasesRule({ n: config.maxQueryAliases, ...reported }),
        ],
        context: ({ res }: { readonly res: Response }): GraphContext => ({
          loaders: new Loaders({ figures, collections, maskStore, masks, maskJobs }),
          budget: new SearchBudget(),
          signal: untilGone(res),
        }),
        formatError,
        includeStacktraceInErrorResponses: false,
      }),
    }),
  ],
  controllers: [SchemaController],
  providers: [
    {
      provide: CorpusOverview,
      inject: [LiveModel, ModelRegistry, FigureReader, MaskRepository],
      useFactory: (live: LiveModel, registry: ModelRegistry, figures: FigureReader, masks: MaskRepository) =>
        new CorpusOverview(() => live.current, registry, figures, masks),
    },
    ...resolvers,
  ],
})
export class GraphqlFaceModule {}
