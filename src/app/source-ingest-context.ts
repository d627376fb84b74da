import { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { BlobStore } from '../ports/blob-store.js';
import { FigureFilters } from '../ports/figure-filters.js';
import { PictureStore } from '../ports/picture-store.js';
import { ActiveModel } from './active-model.js';
import { withApp } from './command-context.js';
import type { Config } from './config.js';
import { PmcIngest } from './pmc-ingest.js';
import { SourceIngest } from './source-ingest.js';

/** Runs `work` over the configured corpus and its active model. */
export function withSourceIngest<Result>(
  config: Config,
  work: (ingest: SourceIngest, pmc: PmcIngest) => Promise<Result>,
): Promise<Result> {
  return withApp(config, (core) => {
    const { ingest, space, classification } = core.get(ActiveModel).current;
    const stores = { pictures: core.get(PictureStore), filters: core.get(FigureFilters) };
    const beside = { matching: core.get(PictureMatching), classification };
    const sources = new SourceIngest(ingest, () => space.ensureBuilt(), beside, stores);
    return work(sources, new PmcIngest(config, core.get(BlobStore), sources));
  });
}
