import type { IngestReport } from '../corpus/ingest.js';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { withProgress } from '../cli/progress.js';
import { sampleItems, sampleSource } from './sample-items.js';
import type { Config } from './config.js';
import { messageOf } from '../domain/errors.js';
import { ActiveModel } from './active-model.js';
import { CorpusCounts } from '../ports/corpus-counts.js';
import { IngestRunStore } from '../ports/ingest-run-store.js';
import { advice } from './advice.js';
import { localOperator } from '../domain/viewer.js';

/**
 * Whether the sample figures are to be drawn: into an empty corpus that nobody named, or on demand, and once. A start that
 * was killed while it drew left some of them, and nothing else; what a person removed does not come back.
 */
export async function lacksSamples(app: NestExpressApplication, config: Config): Promise<boolean> {
  if (config.samples === 'never') return false;
  const runs = app.get(IngestRunStore);
  if (await runs.isOnlyRunAndIncomplete(sampleSource)) return true;
  const { figures } = await app.get(CorpusCounts).counts();
  return figures === 0 && !(await runs.isDone(sampleSource));
}

/**
 * Draws and embeds the samples while the server answers: they are found one after the other. What fails is told.
 * @param data the data folder
 */
export async function fillWithSamples(app: NestExpressApplication, data: string): Promise<void> {
  try {
    await ingestSamples(app.get(ActiveModel), { restoreDeleted: false });
    console.error(`The sample figures are stored; “${advice('samples remove', data)}” takes them out again`);
  } catch (error) {
    // A server that ends takes its ingest with it; the next start goes on.
    if (app.getHttpServer().listening) console.error(`The sample figures could not all be drawn: ${messageOf(error)}`);
  }
}

/** Draws, embeds and stores the samples that are not there yet, and tells how far it is. */
export async function ingestSamples(
  active: ActiveModel,
  { restoreDeleted }: { readonly restoreDeleted: boolean },
): Promise<IngestReport> {
  const samples = sampleItems();
  const { ingest, space } = active.current;
  try {
    const report = await withProgress('samples', samples.total, (at) =>
      ingest.run(localOperator, samples.items, {
        source: sampleSource,
        restoreDeleted,
        onProgress: ({ read }) => {
          at(read);
        },
      }),
    );
    await space.ensureBuilt();
    return report;
  } finally {
    await samples.close();
  }
}
