import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSource } from '../adapters/sources/open-source.js';
import type { IngestRecord, SourceItem } from '../domain/figure-record.js';
import { localOperator } from '../domain/viewer.js';
import { isInSplit, type LeftOut, type Split } from '../evaluation/embed-records.js';
import { FigureStore } from '../ports/figure-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { ActiveModel } from './active-model.js';
import { withApp } from './command-context.js';
import { loadConfig, type Config } from './config.js';

/** Fields that a search can be measured without. */
export const withholdableFields = ['alt', 'caption', 'labels', 'mentions', 'modality'] as const;
export type WithheldField = (typeof withholdableFields)[number];

export interface LabeledCorpusOptions {
  readonly split: Split;
  /** Fields that are not stored. */
  readonly withhold: readonly WithheldField[];
  readonly reporter: Pick<WorkReporter, 'track'>;
}

export interface LabeledCorpus {
  /** Where the corpus lies. */
  readonly config: Config;
  /** The stored records, as the set has them. */
  readonly records: readonly IngestRecord[];
  readonly leftOut: readonly LeftOut[];
}

/** Takes the records of a labeled set into a corpus of their own, which is deleted after `work`. @throws {FigseekError} as `openSource` */
export async function withLabeledCorpus<Result>(
  { models, model }: Pick<Config, 'models' | 'model'>,
  file: string,
  options: LabeledCorpusOptions,
  work: (corpus: LabeledCorpus) => Promise<Result>,
): Promise<Result> {
  const figures = await openSource(file, { format: 'auto' });
  const folder = await mkdtemp(path.join(tmpdir(), 'labeled-corpus-'));
  try {
    const [data, indexes] = [path.join(folder, 'data'), path.join(folder, 'indexes')];
    const config = loadConfig({ data, indexes, models, model: model ?? undefined });
    const read: IngestRecord[] = [];
    const leftOut: LeftOut[] = [];
    const stored = new Set<string>();
    await withApp(config, async (core) => {
      const { ingest, space } = core.get(ActiveModel).current;
      const report = await options.reporter.track('taking the records in', null, (at) =>
        ingest.run(localOperator, storedItems(figures.read(), options, read), {
          source: 'labeled set',
          onProgress: ({ read }) => {
            at(read);
          },
        }),
      );
      leftOut.push(...report.faults.map(({ sourceKey, message }) => ({ sourceKey, message })));
      await space.ensureBuilt();
      // As many as there are: all of them.
      for (const { sourceKey } of await core.get(FigureStore).sampleEvenly(read.length)) stored.add(sourceKey);
    });
    return await work({ config, records: read.filter(({ id }) => stored.has(id)), leftOut });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function* storedItems(
  items: AsyncIterable<SourceItem>,
  { split, withhold }: LabeledCorpusOptions,
  records: IngestRecord[],
): AsyncGenerator<SourceItem> {
  const withheld = Object.fromEntries(withhold.map((field) => [field, null]));
  for await (const item of items) {
    if (item.kind !== 'record') yield item;
    else if (isInSplit(item.record.id, split)) {
      records.push(item.record);
      yield { ...item, record: { ...item.record, ...withheld } };
    }
  }
}
