import { ConsoleLogger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createServer } from './http-server.js';
import { advice } from './advice.js';
import { FileUploadStore } from '../adapters/files/file-upload-store.js';
import { IngestUploadFolder } from '../adapters/files/ingest-upload-folder.js';
import type { Config } from './config.js';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { messageOf } from '../domain/errors.js';
import { sweepIndexFolders } from '../adapters/hnsw/index-owners.js';
import { assertPortFree, portFault } from './free-port.js';
import { ActiveModel } from './active-model.js';
import { checkSegmenter } from './mask-runtime.js';
import { fillWithSamples, lacksSamples } from './sample-filling.js';
import { AtlasUpkeep, ClassUpkeep, PictureUpkeep } from './upkeep.js';
import { ServerLease } from './server-lease.js';
import { closeConnectionsAtSignal } from './shutdown.js';
import { CorpusCounts } from '../ports/corpus-counts.js';
import { EmbeddingStore } from '../ports/embedding-store.js';

/** How often the server looks whether another model was chosen, and for pictures that were not compared yet. */
const followEveryMs = 2000;
/** A look for panels without a class goes through all panels. */
const classifyEveryMs = 5000;
/** Who asks for the map has a few new figures placed at once. */
const placeEveryMs = 5000;
const keepAliveMs = 75_000;

/**
 * Starts the server. It listens before the model is loaded, and answers while the samples are drawn into an empty corpus.
 */
export async function serve(config: Config): Promise<NestExpressApplication> {
  await assertPortFree(config.port, config.host);
  // Else the first mask would tell, maybe after days.
  await checkSegmenter(config);
  const app = await createServer(config);
  const http = app.getHttpServer();
  closeConnectionsAtSignal(http);
  // Longer than clients and balancers keep an idle connection: else it may be closed just as it is used again.
  http.keepAliveTimeout = keepAliveMs;
  try {
    const drawsSamples = await lacksSamples(app, config);
    await app.listen(config.port, config.host).catch((cause: unknown) => {
      throw portFault(config.port, config.host, cause);
    });
    await prepare(app, config);
    const { encoder, space } = app.get(ActiveModel).current;
    if (!drawsSamples) await space.ensureBuilt();
    app.get(PictureUpkeep).watch(followEveryMs);
    app.get(ClassUpkeep).watch(classifyEveryMs);
    app.get(AtlasUpkeep).watch(placeEveryMs);
    if (config.model === null) app.get(ActiveModel).watch(followEveryMs);
    // Errors of the start are thrown and printed once; from here on Nest logs what goes wrong.
    // A logger of our own: levels alone would set those of the one that was switched off, and nothing would be logged.
    app.useLogger(new ConsoleLogger({ logLevels: ['warn', 'error'] }));
    if (drawsSamples) {
      console.error('The corpus is empty or was left unfinished: drawing the sample figures (drawn for demonstration)');
    } else await tellEmpty(app, config);
    const { provider } = encoder.status();
    console.error(
      `figseek serves ${await app.getUrl()} with the model ${encoder.model.name} on ${provider ?? 'no provider'}`,
    );
    if (encoder.model.warning !== null) console.error(encoder.model.warning);
    if (drawsSamples) void fillWithSamples(app, config.data);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Loads the model, and tidies up. */
async function prepare(app: NestExpressApplication, config: Config): Promise<void> {
  await app.get(ServerLease).acquire();
  const { encoder } = app.get(ActiveModel).current;
  await encoder.start();
  // Beside all else: an upload waits for it, nobody else.
  for (const uploads of [app.get(FileUploadStore), app.get(IngestUploadFolder)]) {
    uploads.startSweeper().catch((error: unknown) => {
      console.error(`The kept uploads cannot be counted: ${messageOf(error)}`);
    });
  }
  await sweepIndexFolders(config.indexes);
  await warnOfMissingVectors(app.get(EmbeddingStore), encoder.model, config);
}

async function tellEmpty(app: NestExpressApplication, { data }: Config): Promise<void> {
  const { figures } = await app.get(CorpusCounts).counts();
  if (figures > 0) return;
  console.error(
    `The corpus is empty. Your own figures: ${advice('ingest FOLDER', data)}. Drawn samples: ${advice('samples add', data)}`,
  );
}

/** Such a server reads ready, and finds by keyword only: nobody would look for the reason. */
async function warnOfMissingVectors(embeddings: EmbeddingStore, model: DualEncoder, { data }: Config): Promise<void> {
  const missing = await embeddings.countPanelsMissingEmbedding(model.version);
  if (missing === 0) return;
  console.error(
    `WARNING: ${missing} panels are not embedded by ${model.name} and are found by keyword only; to fix it: ${advice(`models use ${model.name}`, data)}`,
  );
}
