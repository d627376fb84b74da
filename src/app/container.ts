import {
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Database } from '../adapters/sqlite/database.js';
import { DetectionService } from '../masks/detection-service.js';
import { MaskImageRenderer } from '../masks/mask-image-renderer.js';
import { Masks } from '../masks/masks.js';
import { ImageReader } from '../ports/image-reader.js';
import { ActiveModel } from './active-model.js';
import type { Config } from './config.js';
import { maskProviders } from './mask-runtime.js';
import { modelProviders } from './model-providers.js';
import { ServerLease } from './server-lease.js';
import { storeProviders } from './store-providers.js';
import { useCaseProviders } from './use-case-providers.js';

/** The frozen configuration. */
export const CONFIG = Symbol('config');
/** Closes what holds files, threads and processes, in the order of who uses whom. */
@Injectable()
class Shutdown implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly live: ActiveModel,
    private readonly serving: ServerLease,
    private readonly masks: Masks,
    private readonly recognitions: DetectionService,
    private readonly maskPictures: MaskImageRenderer,
    private readonly reader: ImageReader,
    private readonly database: Database,
  ) {}

  // Nest then closes the HTTP server, which waits for open requests: those that wait for a mask would hold it for minutes.
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.recognitions.close(), this.masks.close()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.maskPictures.close();
    // First who embeds what the reader reads: to it a closed reader is an image that cannot be read.
    await this.serving.release();
    await this.live.close();
    this.reader.close();
    await this.database.close();
  }
}

/** Everything without HTTP: the server and the command line stand on the same providers. */
@Module({})
export class CoreModule {
  static for(config: Config): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      ...storeProviders(config),
      ...modelProviders(config),
      ...useCaseProviders(config),
      ...maskProviders(config),
      Shutdown,
    ];
    return { module: CoreModule, global: true, providers, exports: providers.filter((one) => one !== Shutdown) };
  }
}
