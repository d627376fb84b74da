import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from './config.js';
import { ActiveModel } from './active-model.js';
import { withApp } from './command-context.js';
import { sampleItems, sampleSource } from './sample-items.js';
import { localOperator } from '../domain/viewer.js';

/**
 * The first drawn figures in a folder of their own, its data in `data` and its indexes in `indexes`; deleted after `work`.
 * @param models the folder of model packages
 */
export async function withSampleFigures<Result>(
  count: number,
  models: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sample-figures-'));
  try {
    const [data, indexes] = [path.join(folder, 'data'), path.join(folder, 'indexes')];
    const config = loadConfig({ data, indexes, models });
    await withApp(config, async (core) => {
      const { items } = sampleItems();
      await core.get(ActiveModel).current.ingest.run(localOperator, items, { source: sampleSource, limit: count });
    });
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
