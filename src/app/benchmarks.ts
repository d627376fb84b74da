import { engineNames, type EngineName } from '../adapters/hnsw/engine.js';
import type { ApiBench } from '../bench/bench-api.js';
import type { DuplicatesBench, DuplicatesMeasurement } from '../bench/bench-duplicates.js';
import type { EmbedBench } from '../bench/bench-embed.js';
import type { IngestBench } from '../bench/bench-ingest.js';
import type { SearchBench } from '../bench/bench-search.js';
import type { SegmentBench } from '../bench/bench-segment.js';
import type { SuggestionsBench, SuggestionsMeasurement } from '../bench/bench-suggestions.js';
import { starterModel } from '../models/active-model-name.js';
import { Stores } from '../ports/stores.js';
import { ActiveModel } from './active-model.js';
import { withApp } from './command-context.js';
import type { Config } from './config.js';
import { openRegistry } from './open-registry.js';
import { withSampleFigures } from './sample-figures.js';

/*
 * The benchmarks, each loaded when it is run: no other command needs their code. They give their measurements line by
 * line, as they are made.
 */

type Lines = AsyncGenerator<Readonly<Record<string, unknown>>>;

/** Ways of searching vectors that can be measured. */
export const benchEngines: readonly EngineName[] = engineNames;

export async function* measureEmbedding(config: Config, bench: EmbedBench): Lines {
  const { benchEmbed } = await import('../bench/bench-embed.js');
  yield* benchEmbed(config, bench);
}

/** Masks in the segmenter's process, then of figures of a running server where `clicks` are asked for. */
export async function* measureSegmentation(config: Config, bench: SegmentBench): Lines {
  const { benchSegment } = await import('../bench/bench-segment.js');
  yield await benchSegment(config, bench);
  if (bench.clicks === 0) return;
  const { benchMaskClicks } = await import('../bench/mask-clicks.js');
  const options = { model: bench.model, modelsDir: config.models, threads: config.inferenceThreads };
  const figures = { count: bench.clicks + 1, models: config.models };
  yield await withSampleFigures(figures, (folder) => benchMaskClicks(folder, options));
}

/** Copies of pictures that are found, and pictures that are taken for the same. */
export async function* measureDuplicates(bench: DuplicatesBench): AsyncGenerator<DuplicatesMeasurement> {
  const { benchDuplicates } = await import('../bench/bench-duplicates.js');
  yield* benchDuplicates(bench);
}

/** How well suggestions for collections fit, over the corpus and the model that serve. */
export async function measureSuggestions(
  config: Config,
  bench: SuggestionsBench,
): Promise<readonly SuggestionsMeasurement[]> {
  const { benchSuggestions } = await import('../bench/bench-suggestions.js');
  return withApp(config, (core) =>
    benchSuggestions(core.get(Stores), core.get(ActiveModel).current.model.version, bench),
  );
}

export async function* measureIngest(config: Config, bench: IngestBench): Lines {
  const { benchIngest } = await import('../bench/bench-ingest.js');
  yield* benchIngest(config, bench);
}

export async function* measureSearch(bench: SearchBench): Lines {
  const { benchSearch } = await import('../bench/bench-search.js');
  yield* benchSearch(bench);
}

/** Searches by the configured model, else the starter. */
export async function* measureApi({ models, model }: Config, bench: Omit<ApiBench, 'model' | 'modelsDir'>): Lines {
  const { benchApi } = await import('../bench/bench-api.js');
  const loaded = await openRegistry({ models }).load(model ?? starterModel);
  yield* benchApi({ ...bench, modelsDir: models, model: loaded });
}
