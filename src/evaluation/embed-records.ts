import type { DualEncoder } from '../domain/dual-encoder.js';
import { messageOf } from '../domain/errors.js';
import { findPanelFault, type IngestRecord, type SourceItem } from '../domain/figure-record.js';
import { sha256 } from '../domain/ids.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';

/** `test`: records whose SHA-256(id) has a first byte below 40, about one in six; `train`: the others. */
export type Split = 'all' | 'test' | 'train';

export function isInSplit(id: string, split: Split): boolean {
  return split === 'all' || parseInt(sha256(id).slice(0, 2), 16) < 40 === (split === 'test');
}

export interface EmbedOptions {
  readonly split: Split;
  readonly reader: ImageReader;
  readonly onProgress: (done: number) => void;
}

export interface LeftOut {
  readonly sourceKey: string;
  readonly message: string;
}

interface ReadRecord {
  readonly record: IngestRecord;
  /** uint8 [size, size, 3] of each panel, the whole figure first */
  readonly parts: readonly Uint8Array[];
}

/** A panel of a record with its unit vectors. */
export interface EmbeddedPanel {
  readonly record: IngestRecord;
  /** 0 for the whole figure. */
  readonly place: number;
  readonly image: Float32Array;
  readonly caption: Float32Array | null;
}

const batch = 32;
/** Each is held as the input of a model. */
const maxWaitingPanels = 128;

/** Embeds all panels of the records of a split; unreadable records are left out and told. */
export async function embedRecords(
  encoder: Encoder,
  items: AsyncIterable<SourceItem>,
  { split, reader, onProgress }: EmbedOptions,
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
      return { record, place, pixels, caption: caption ?? '' };
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
    for (const [row, { record, place, caption }] of chunk.entries()) {
      const vector = caption === '' ? null : (captions[next++] ?? null);
      embedded.push({ record, place, image: images[row] ?? new Float32Array(0), caption: vector });
    }
  }
  return embedded;
}
