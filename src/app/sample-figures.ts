import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, type Config } from './config.js';
import { ActiveModel } from './active-model.js';
import { withApp } from './command-context.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { sampleItems, sampleSource } from './sample-items.js';
import { localOperator } from '../domain/viewer.js';

/** Which of the drawn figures, and what embeds them. */
export interface SampleFigures {
  /** The first ones; null: all. */
  readonly count: number | null;
  /** The folder of model packages. */
  readonly models: string;
  /** The package that embeds them; null: as configured. */
  readonly model?: string | null;
  /** Told of the drawing; absent: nobody. */
  readonly reporter?: Pick<WorkReporter, 'track'>;
}

const untold: Pick<WorkReporter, 'track'> = { track: (_what, _total, work) => work(() => undefined) };

/** Drawn figures in a folder of their own, its data in `data` and its indexes in `indexes`; deleted after `work`. */
export async function withSampleFigures<Result>(
  { count, models, model = null, reporter = untold }: SampleFigures,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sample-figures-'));
  try {
    const [data, indexes] = [path.join(folder, 'data'), path.join(folder, 'indexes')];
    const config = loadConfig({ data, indexes, models, model: model ?? undefined });
    await withApp(config, async (core) => {
      const { items, total } = sampleItems();
      const { ingest, space } = core.get(ActiveModel).current;
      const limit = count ?? total;
      await reporter.track('drawing the sample figures', limit, (at) =>
        ingest.run(localOperator, items, {
          source: sampleSource,
          limit,
          onProgress: ({ read }) => {
            at(read);
          },
        }),
      );
      await space.ensureBuilt();
    });
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The configuration of all drawn figures as a corpus of their own, which is deleted after `work`. */
export async function withSampleCorpus<Result>(
  { models, model }: Pick<Config, 'models' | 'model'>,
  reporter: Pick<WorkReporter, 'track'>,
  work: (config: Config) => Promise<Result>,
): Promise<Result> {
  return withSampleFigures({ count: null, models, model, reporter }, (folder) => {
    const [data, indexes] = [path.join(folder, 'data'), path.join(folder, 'indexes')];
    return work(loadConfig({ data, indexes, models, model: model ?? undefined }));
  });
}
