import type { IngestRecord, SourceItem } from '../../domain/figure-record.js';
import type { PublicSetName } from '../../domain/public-set.js';
import type { Encoder } from '../../ports/encoder.js';
import { measureRanks, rankPairs, type RetrievalFigures } from '../caption-pairs.js';
import { embedRecords, type EmbeddedPanel, type EmbedOptions, type LeftOut } from '../embed-records.js';
import { measureZeroShot, type ZeroShotFigures } from '../zero-shot.js';
import { zeroShotTasksOf, type ZeroShotTask } from './zero-shot-tasks.js';

export interface TaskFigures {
  /** Null where the set is one task. */
  readonly task: string | null;
  readonly measures: ZeroShotFigures;
}

/** What is measured of a model on the images of a public set. */
export interface SetFigures {
  readonly records: number;
  readonly leftOut: readonly LeftOut[];
  /** Null for a set without captions. */
  readonly captionToImage: RetrievalFigures | null;
  readonly imageToCaption: RetrievalFigures | null;
  readonly zeroShot: readonly TaskFigures[];
}

export interface SetOptions extends Omit<EmbedOptions, 'split'> {
  readonly set: PublicSetName;
  readonly seed: string;
  readonly groupOf: (id: string) => string;
}

/**
 * Measures a model on the images of a public set as the papers do: exact search both ways over its captioned images, and
 * classification by prompts. Images pass through; their vectors are held.
 * @throws {FigseekError} as the encoder
 */
export async function evaluateSet(
  encoder: Encoder,
  items: AsyncIterable<SourceItem>,
  { set, seed, groupOf, ...options }: SetOptions,
): Promise<SetFigures> {
  const { embedded, records, leftOut } = await embedRecords(encoder, items, { ...options, split: 'all' });
  const zeroShot: TaskFigures[] = [];
  for (const task of zeroShotTasksOf(set)) {
    const images = imagesOf(embedded, task, groupOf);
    if (images.length === 0) continue;
    zeroShot.push({ task: task.name, measures: (await measureZeroShot(encoder, images, task.prompts, seed)).measures });
  }
  return { records, leftOut, ...measurePairs(embedded, groupOf, seed), zeroShot };
}

function imagesOf(embedded: readonly EmbeddedPanel[], { prompts }: ZeroShotTask, groupOf: SetOptions['groupOf']) {
  return embedded.flatMap(({ record: { id, labels }, image }) => {
    const own = (labels ?? []).filter((label) => label in prompts);
    return own.length === 0 ? [] : [{ id, group: groupOf(id), labels: own, vector: image }];
  });
}

function measurePairs(embedded: readonly EmbeddedPanel[], groupOf: SetOptions['groupOf'], seed: string) {
  const pairs = embedded.flatMap(({ record, image, caption }) =>
    caption === null ? [] : [{ record, image, caption }],
  );
  if (pairs.length === 0) return { captionToImage: null, imageToCaption: null };
  const images = pairs.map(({ image }) => image);
  const captions = pairs.map(({ caption }) => caption);
  const groups = pairs.map(({ record }: { readonly record: IngestRecord }) => groupOf(record.id));
  const measure = (queries: readonly Float32Array[], found: readonly Float32Array[]): RetrievalFigures =>
    measureRanks(
      rankPairs(queries, found).map(({ rank }) => rank),
      { seed, groups },
    );
  return { captionToImage: measure(captions, images), imageToCaption: measure(images, captions) };
}
