import type { DualEncoder } from '../domain/dual-encoder.js';
import { messageOf } from '../domain/errors.js';
import { sha256 } from '../domain/ids.js';
import { dot } from '../domain/vector.js';
import { findPanelFault, type IngestRecord, type SourceItem } from '../domain/figure-record.js';
import { mean, medianRank, precisionAt, ranking, recallAt } from './retrieval-metrics.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';

/** `test`: records whose SHA-256(id) has a first byte below 40, about one in six; `train`: the others. */
export type Split = 'all' | 'test' | 'train';

function isInSplit(id: string, split: Split): boolean {
  return split === 'all' || parseInt(sha256(id).slice(0, 2), 16) < 40 === (split === 'test');
}

/** A text that names something, and how to know a record that shows it. */
export interface LabelQuery {
  readonly text: string;
  readonly label: string;
}

export interface EvaluationOptions {
  readonly split: Split;
  readonly queries: readonly LabelQuery[];
  readonly reader: ImageReader;
  readonly onProgress: (done: number) => void;
}

interface LabelFigures {
  readonly query: string;
  readonly label: string;
  readonly relevant: number;
  readonly precisionAt10: number;
  /** Share of relevant records in the set: what a random order reaches. */
  readonly chance: number;
  readonly ratio: number;
}

interface RetrievalFigures {
  readonly queries: number;
  readonly recallAt1: number;
  readonly recallAt5: number;
  readonly recallAt10: number;
  readonly medianRank: number | null;
  /** recall@10 of a random order: 10 / number of items. */
  readonly chanceAt10: number;
}

interface LeftOut {
  readonly sourceKey: string;
  readonly message: string;
}

export interface Evaluation {
  readonly model: string;
  readonly split: Split;
  readonly records: number;
  /** Panels of the records, whole figures included: what is compared. */
  readonly panels: number;
  /** Records that could not be read. Of a line without an id nobody knows the split: it counts in each. */
  readonly leftOut: readonly LeftOut[];
  readonly captionToImage: RetrievalFigures;
  readonly imageToCaption: RetrievalFigures;
  readonly labels: readonly LabelFigures[];
  /** Mean of precision@10 over the mean of chance. */
  readonly labelRatio: number | null;
}

interface ReadRecord {
  readonly record: IngestRecord;
  /** uint8 [size, size, 3] of each panel, the whole figure first */
  readonly parts: readonly Uint8Array[];
}

interface EmbeddedPanel {
  readonly record: IngestRecord;
  readonly image: Float32Array;
  readonly caption: Float32Array | null;
}

const batch = 32;
/** Each is held as the input of a model. */
const maxWaitingPanels = 128;

/**
 * Measures a model on labeled records, by exact search over all their panels; unreadable records are left out and told.
 * A caption belongs to one panel. Labels belong to a record, which stands where its best panel does.
 */
export async function evaluate(
  encoder: Encoder,
  items: AsyncIterable<SourceItem>,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { split, queries } = options;
  const { embedded, records, leftOut } = await embedAll(encoder, items, options);
  const captioned = embedded.flatMap(({ image, caption }) => (caption === null ? [] : [{ image, caption }]));
  const images = captioned.map(({ image }) => image);
  const captions = captioned.map(({ caption }) => caption);
  const labels = await Promise.all(queries.map((query) => measureLabel(encoder, embedded, query)));
  const precision = mean(labels.map(({ precisionAt10 }) => precisionAt10));
  const chance = mean(labels.map((one) => one.chance));
  return {
    model: encoder.model.name,
    split,
    records,
    panels: embedded.length,
    leftOut,
    captionToImage: measurePairs(captions, images),
    imageToCaption: measurePairs(images, captions),
    labels,
    labelRatio: precision === null || chance === null || chance === 0 ? null : precision / chance,
  };
}

async function embedAll(
  encoder: Encoder,
  items: AsyncIterable<SourceItem>,
  { split, reader, onProgress }: EvaluationOptions,
): Promise<{
  readonly embedded: readonly EmbeddedPanel[];
  readonly records: number;
  readonly leftOut: readonly LeftOut[];
}> {
  const embedded: EmbeddedPanel[] = [];
  let records = 0;
  const leftOut: LeftOut[] = [];
  let waiting: Promise<ReadRecord | LeftOut>[] = [];
  let waitingPanels = 0;
  const flush = async (): Promise<void> => {
    const read = await Promise.all(waiting);
    waiting = [];
    waitingPanels = 0;
    leftOut.push(...read.filter((one) => 'message' in one));
    const readable = read.filter((one) => 'parts' in one);
    records += readable.length;
    embedded.push(...(await embedBatch(encoder, readable)));
    onProgress(records);
  };
  for await (const item of items) {
    if (item.kind === 'left-out' || (item.kind === 'record' && !isInSplit(item.record.id, split))) continue;
    waiting.push(readRecord(item, reader, encoder.model));
    if (item.kind === 'record') waitingPanels += 1 + (item.record.panels?.length ?? 0);
    if (waiting.length === batch || waitingPanels >= maxWaitingPanels) await flush();
  }
  if (waiting.length > 0) await flush();
  return { embedded, records, leftOut };
}

async function readRecord(
  item: SourceItem,
  reader: ImageReader,
  { preparation }: DualEncoder,
): Promise<ReadRecord | LeftOut> {
  if (item.kind === 'left-out') return { sourceKey: item.sourceKey, message: item.reason };
  if (item.kind === 'fault') return { sourceKey: item.sourceKey, message: item.message };
  const { record } = item;
  try {
    const boxes = (record.panels ?? []).map(({ box }) => ({ box }));
    const file = await reader.readParts(await item.readImage(), preparation, 'bulk', [{}, ...boxes]);
    const fault = findPanelFault(record, file);
    return fault === null ? { record, parts: file.parts } : { sourceKey: record.id, message: fault };
  } catch (error) {
    return { sourceKey: record.id, message: messageOf(error) };
  }
}

async function embedBatch(encoder: Encoder, records: readonly ReadRecord[]): Promise<readonly EmbeddedPanel[]> {
  const panels = records.flatMap(({ record, parts }) =>
    parts.map((pixels, place) => {
      const caption = place === 0 ? record.caption : record.panels?.[place - 1]?.caption;
      return { record, pixels, caption: caption ?? '' };
    }),
  );
  const embedded: EmbeddedPanel[] = [];
  // A record has up to a hundred panels: a part at a time, as an ingest does.
  for (let start = 0; start < panels.length; start += batch) {
    const chunk = panels.slice(start, start + batch);
    const images = await encoder.embedImages(
      chunk.map(({ pixels }) => pixels),
      'bulk',
    );
    const texts = chunk.flatMap(({ caption }) => (caption === '' ? [] : [caption]));
    const captions = await encoder.embedTexts(texts, 'bulk');
    let next = 0;
    for (const [row, { record, caption }] of chunk.entries()) {
      const vector = caption === '' ? null : (captions[next++] ?? null);
      embedded.push({ record, image: images[row] ?? new Float32Array(0), caption: vector });
    }
  }
  return embedded;
}

/** Each query has one right item: the one at its own index. */
function measurePairs(queries: readonly Float32Array[], items: readonly Float32Array[]): RetrievalFigures {
  const ranks = queries.map((query, right) => ranking(items.map((item) => dot(query, item))).indexOf(right) + 1);
  return {
    queries: ranks.length,
    recallAt1: recallAt(ranks, 1),
    recallAt5: recallAt(ranks, 5),
    recallAt10: recallAt(ranks, 10),
    medianRank: medianRank(ranks),
    chanceAt10: items.length === 0 ? 0 : Math.min(1, 10 / items.length),
  };
}

async function measureLabel(
  encoder: Encoder,
  embedded: readonly EmbeddedPanel[],
  { text, label }: LabelQuery,
): Promise<LabelFigures> {
  const [query] = await encoder.embedTexts([text], 'bulk');
  const order = query === undefined ? [] : ranking(embedded.map(({ image }) => dot(query, image)));
  // A set keeps the place of the first: a record stands where its best panel does.
  const ranked = new Set(order.flatMap((index) => embedded[index]?.record ?? []));
  const isRelevant = [...ranked].map(({ labels }) => (labels ?? []).includes(label));
  const records = new Set(embedded.map(({ record }) => record)).size;
  const relevant = isRelevant.filter(Boolean).length;
  const chance = records === 0 ? 0 : relevant / records;
  const precisionAt10 = precisionAt(isRelevant, 10);
  return { query: text, label, relevant, precisionAt10, chance, ratio: chance === 0 ? 0 : precisionAt10 / chance };
}
