import { Injectable, type BeforeApplicationShutdown, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { IngestStarter } from '../corpus/ingest-starter.js';
import { PanelDetectorProvider } from '../corpus/panel-detector-provider.js';
import { DetectionService } from '../masks/detection-service.js';
import { MaskImageRenderer } from '../masks/mask-image-renderer.js';
import { Masks } from '../masks/masks.js';
import { ModelJobs } from '../models/model-jobs.js';
import { ImageReader } from '../ports/image-reader.js';
import { Stores } from '../ports/stores.js';
import { ActiveModel } from './active-model.js';
import { BackgroundWork } from './background/background-work.js';
import { AtlasUpkeep, ClassUpkeep, PictureUpkeep } from './upkeep.js';
import { ServerLease } from './server-lease.js';

/** The services that make masks and their images. */
@Injectable()
class MaskServices {
  constructor(
    private readonly masks: Masks,
    private readonly detections: DetectionService,
    private readonly images: MaskImageRenderer,
  ) {}

  /** Ends the making of masks, and the requests that wait for one. */
  async stop(): Promise<void> {
    await Promise.all([this.detections.close(), this.masks.close()]);
  }

  /** Ends the threads that draw images of masks. */
  closeImages(): Promise<void> {
    return this.images.close();
  }
}

/** Ingests and model jobs that were begun by request, each in a process of its own. */
@Injectable()
class RequestedWork {
  constructor(
    private readonly ingests: IngestStarter,
    private readonly jobs: ModelJobs,
    private readonly background: BackgroundWork,
  ) {}

  async close(): Promise<void> {
    await Promise.all([this.ingests.close(), this.jobs.close(), this.background.close()]);
  }
}

/** What is done beside the server's other work. */
@Injectable()
class UpkeepServices {
  constructor(
    private readonly pictures: PictureUpkeep,
    private readonly classes: ClassUpkeep,
    private readonly atlas: AtlasUpkeep,
    private readonly work: RequestedWork,
  ) {}

  async close(): Promise<void> {
    await Promise.all([this.pictures.close(), this.classes.close(), this.atlas.close(), this.work.close()]);
  }
}

/** The active model and the panel detector, the entry in the database that says that this process uses it, and the work beside all other. */
@Injectable()
class ModelServices {
  constructor(
    private readonly model: ActiveModel,
    private readonly lease: ServerLease,
    private readonly upkeep: UpkeepServices,
    private readonly detectors: PanelDetectorProvider,
  ) {}

  async close(): Promise<void> {
    await this.upkeep.close();
    await this.lease.release();
    await this.model.close();
    await this.detectors.close();
  }
}

/** Closes what holds files, threads and processes, each part before the parts that it uses. */
@Injectable()
class Shutdown implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly masks: MaskServices,
    private readonly model: ModelServices,
    private readonly reader: ImageReader,
    private readonly stores: Stores,
  ) {}

  // Nest then closes the HTTP server, which waits for open requests: those that wait for a mask would delay it by minutes.
  beforeApplicationShutdown(): Promise<void> {
    return this.masks.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.masks.closeImages();
    // The model is closed before the reader: while it embeds, a closed reader would look like an image that cannot be read.
    await this.model.close();
    this.reader.close();
    await this.stores.close();
  }
}

/** What ends the parts of the program when Nest shuts down. */
export const shutdownProviders: readonly Provider[] = [
  MaskServices,
  RequestedWork,
  UpkeepServices,
  ModelServices,
  Shutdown,
];
