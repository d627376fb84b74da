import { Module, type DynamicModule } from '@nestjs/common';
import { GraphqlApiModule } from '../api/graphql/server/graphql-api.module.js';
import { HttpApiModule } from '../api/http/http-api.module.js';
import type { Config } from './config.js';
import { CoreModule } from './container.js';

/** The server's module tree. */
@Module({})
export class AppModule {
  static for(config: Config): DynamicModule {
    return { module: AppModule, imports: [CoreModule.for(config), GraphqlApiModule, HttpApiModule] };
  }
}
