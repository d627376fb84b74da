import { ConsoleLogger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createServer } from './app-server.js';
import { UploadFolder } from './blobs/upload-folder.js';
import type { Config } from './config/config.js';
import type { DualEncoder } from './domain/dual-encoder.js';
import { FigseekError, messageOf } from './domain/errors.js';
import { sweepIndexFolders } from './vectors/index-owners.js';
import { LiveModel } from './live-model.js';
import { checkSegmenter } from './mask-stack.js';
import { ServingNote } from './serving-note.js';
import { closeConnectionsAtSignal } from './stopping.js';
import { FigureReader } from './store/repositories/figure-reader.js';
import { EmbeddingReader } from './store/repositories/embedding-reader.js';
import { IngestRunRepository } from './store/repositories/ingest-run.repository.js';
import { withProgress } from './cli/progress.js';
import { sampleItems, sampleSource } from './cli/sample-items.js';

/** How often the server looks whether another model was chosen. */
const followEveryMs = 2000;

/** Starts the server: loads the model, draws the samples into an empty corpus, builds a missing index, listens. */
export async function serve(config: Config): Promise<NestExpressApplication> {
  // Else the first mask would tell, maybe after days.
  await checkSegmenter(config);
  const app = await createServer(config);
  closeConnectionsAtSignal(app.getHttpServer());
  try {
    const live = app.get(LiveModel);
    await app.get(ServingNote).keep();
    const { encoder, space } = live.current;
    await encoder.start();
    // Beside all else: an upload waits for it, nobody else.
    app
      .get(UploadFolder)
      .keepSwept()
      .catch((error: unknown) => {
        console.error(`The kept uploads cannot be counted: ${messageOf(error)}`);
      });
    await sweepIndexFolders(config.indexes);
    await fillEmptyCorpus(app, config);
    await space.buildIfNeeded();
    await warnOfMissingVectors(app.get(EmbeddingReader), encoder.model);
    await app.listen(config.port, config.host).catch((cause: unknown) => {
      const where = `${config.host}:${config.port}`;
      throw new FigseekError('BAD_USER_INPUT', `The server cannot listen on ${where}: ${messageOf(cause)}`, { cause });
    });
    if (config.model === null) live.follow(followEveryMs);
    // Errors of the start are thrown and printed once; from here on Nest logs what goes wrong.
    // A logger of our own: levels alone would set those of the one that was switched off, and nothing would be logged.
    app.useLogger(new ConsoleLogger({ logLevels: ['warn', 'error'] }));
    const { provider } = encoder.status();
    console.error(
      `figseek serves ${await app.getUrl()} with the model ${encoder.model.name} on ${provider ?? 'no provider'}`,
    );
    if (encoder.model.warning !== null) console.error(encoder.model.warning);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Such a server reads ready, and finds by keyword only: nobody would look for the reason. */
async function warnOfMissingVectors(embeddings: EmbeddingReader, model: DualEncoder): Promise<void> {
  const missing = await embeddings.figuresWithoutVectors(model.version);
  if (missing === 0) return;
  console.error(
    `WARNING: ${missing} figures are not embedded by ${model.name} and are found by keyword only; mend it with: figseek models use ${model.name}`,
  );
}

async function fillEmptyCorpus(app: NestExpressApplication, config: Config): Promise<void> {
  if (config.samples === 'never' || !(await lacksSamples(app))) return;
  console.error('The corpus is empty or was left unfinished: drawing the sample figures (drawn for demonstration)');
  const { items, total } = sampleItems();
  await withProgress('samples', total, (at) =>
    app.get(LiveModel).current.ingest.run(items, {
      source: sampleSource,
      onProgress: ({ read }) => {
        at(read);
      },
    }),
  );
}

/** Also a start that was killed while it drew leaves a corpus without all its samples, and nothing else in it. */
async function lacksSamples(app: NestExpressApplication): Promise<boolean> {
  const { figures } = await app.get(FigureReader).counts();
  return figures === 0 || app.get(IngestRunRepository).isOnlyAndUnfinished(sampleSource);
}
