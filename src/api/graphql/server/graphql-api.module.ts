import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { Request, Response } from 'express';
import type { Config } from '../../../app/config.js';
import { CONFIG } from '../../../app/container.js';
import { AtlasController } from '../../http/atlas.controller.js';
import { admitRequest, costPlugin, validationOptions } from './admission.js';
import { formatError } from './error-format.js';
import { CorpusSources, MaskSources } from '../search/loader-sources.js';
import { GraphContexts, type GraphContext } from './graph-context.js';
import { guarded } from './guarded-schema.js';
import { limitRules } from './validation-rules.js';
import { SchemaController } from './schema.controller.js';
import { resolvers } from './print-schema.js';
import { Subscriptions } from './subscriptions.js';

@Module({ providers: [CorpusSources, MaskSources, GraphContexts], exports: [GraphContexts] })
class ContextModule {}

/** GraphQL at /graphql, with limits on size, depth, aliases and cost; the schema is made from the classes beside this file. */
@Module({
  imports: [
    ContextModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [ContextModule],
      inject: [CONFIG, GraphContexts],
      useFactory: (config: Config, contexts: GraphContexts): ApolloDriverConfig => ({
        autoSchemaFile: true,
        sortSchema: true,
        introspection: true,
        playground: false,
        // Before, it would wait for open requests as the HTTP server does, and cut them off after ten seconds.
        stopOnApplicationShutdown: true,
        plugins: [
          // Apollo's landing page would load scripts from another host.
          ApolloServerPluginLandingPageDisabled(),
          // It would look at each field of each answer for hints, and there are none: nothing is kept, as the context says.
          ApolloServerPluginCacheControlDisabled(),
          costPlugin(config),
        ],
        validationRules: limitRules(config),
        validationOptions,
        transformSchema: guarded,
        context: ({ req, res }: { readonly req: Request; readonly res: Response }): GraphContext => {
          res.setHeader('Cache-Control', 'no-store');
          admitRequest(req, config);
          return contexts.ofRequest(req, res);
        },
        formatError,
        includeStacktraceInErrorResponses: false,
      }),
    }),
  ],
  // The address of the map's points takes filters as the schema does.
  controllers: [SchemaController, AtlasController],
  providers: [...resolvers, Subscriptions],
})
export class GraphqlApiModule {}
