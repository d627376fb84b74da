import type { NestExpressApplication } from '@nestjs/platform-express';
import { createServer } from './app-server.js';
import type { Config } from './config/config.js';
import { FigseekError, messageOf } from './domain/errors.js';
import { EncoderClient } from './inference/encoder-client.js';
import { Ingest } from './ingest/ingest.js';
import { FigureReader } from './store/repositories/figure-reader.js';
import { VectorSpace } from './vectors/vector-space.js';
import { withProgress } from './cli/progress.js';
import { sampleItems, sampleSource } from './cli/sample-items.js';

/** Starts the server: loads the model, draws the samples into an empty corpus, builds a missing index, listens. */
export async function serve(config: Config): Promise<NestExpressApplication> {
  const app = await createServer(config);
  try {
    const encoder = app.get(EncoderClient);
    await encoder.start();
    await fillEmptyCorpus(app, config);
    await app.get(VectorSpace).buildIfNeeded();
    await app.listen(config.port, config.host).catch((cause: unknown) => {
      const where = `${config.host}:${config.port}`;
      throw new FigseekError('BAD_USER_INPUT', `The server cannot listen on ${where}: ${messageOf(cause)}`, { cause });
    });
    // Errors of the start are thrown and printed once; from here on Nest logs what goes wrong.
    app.useLogger(['warn', 'error']);
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

async function fillEmptyCorpus(app: NestExpressApplication, config: Config): Promise<void> {
  if (config.samples === 'never' || (await app.get(FigureReader).counts()).figures > 0) return;
  console.error('The corpus is empty: drawing the sample figures (drawn for demonstration)');
  const { items, total } = sampleItems();
  await withProgress('samples', total, (at) =>
    app.get(Ingest).run(items, {
      source: sampleSource,
      onProgress: ({ read }) => {
        at(read);
      },
    }),
  );
}
