import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { maskProviders } from './mask-runtime.js';
import { modelProviders } from './model-providers.js';
import { shutdownProviders } from './shutdown-hooks.js';
import { storeProviders } from './store-providers.js';
import { useCaseProviders } from './use-case-providers.js';

/** The frozen configuration. */
export const CONFIG = Symbol('config');

/** Everything without HTTP: the server and the command line use the same providers. */
@Module({})
export class CoreModule {
  static for(config: Config): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      ...storeProviders(config),
      ...modelProviders(config),
      ...useCaseProviders(config),
      ...maskProviders(config),
    ];
    return {
      module: CoreModule,
      global: true,
      providers: [...providers, ...shutdownProviders],
      exports: providers,
    };
  }
}
