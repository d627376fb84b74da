import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { Request, Response } from 'express';
import type { Config } from '../../../app/config.js';
import { CONFIG } from '../../../app/container.js';
import { ActiveModel } from '../../../app/active-model.js';
import { ModelRegistry } from '../../../model-packages/package-registry.js';
import { CorpusOverview } from '../../../corpus/corpus-overview.js';
import { FigureReader } from '../../../adapters/sqlite/figure-reader.js';
import type { BestPanels } from '../../../masks/choose-panels.js';
import { DetectionService } from '../../../masks/detection-service.js';
import { FigureMasks } from '../../../masks/figure-masks.js';
import { MaskReader } from '../../../masks/mask-reader.js';
import { Masks } from '../../../masks/masks.js';
import { MaskJobs } from '../../../masks/scheduling/mask-jobs.js';
import { admitRequest, costPlugin, validationOptions } from './admission.js';
import { formatError } from './error-format.js';
import { GraphContexts, type GraphContext } from './graph-context.js';
import { guarded } from './guarded-schema.js';
import { limitRules } from './validation-rules.js';
import { SchemaController } from './schema.controller.js';
import { resolvers } from './print-schema.js';
import { Subscriptions } from './subscriptions.js';

@Module({ providers: [GraphContexts], exports: [GraphContexts] })
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
        // Apollo's landing page would load scripts from another host.
        plugins: [ApolloServerPluginLandingPageDisabled(), costPlugin(config)],
        validationRules: limitRules(config),
        validationOptions,
        transformSchema: guarded,
        context: ({ req, res }: { readonly req: Request; readonly res: Response }): GraphContext => {
          admitRequest(req, config);
          return contexts.ofRequest(res);
        },
        formatError,
        includeStacktraceInErrorResponses: false,
      }),
    }),
  ],
  controllers: [SchemaController],
  providers: [
    {
      provide: CorpusOverview,
      inject: [ActiveModel, ModelRegistry, FigureReader, MaskReader],
      useFactory: (live: ActiveModel, registry: ModelRegistry, figures: FigureReader, masks: MaskReader) =>
        new CorpusOverview(() => live.current, registry, figures, masks),
    },
    {
      provide: FigureMasks,
      inject: [Masks, DetectionService, MaskJobs, ActiveModel],
      useFactory: (masks: Masks, detections: DetectionService, jobs: MaskJobs, live: ActiveModel) =>
        new FigureMasks(masks, detections, jobs, (): BestPanels => live.current.bestPanels),
    },
    ...resolvers,
    Subscriptions,
  ],
})
export class GraphqlApiModule {}
