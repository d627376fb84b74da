import type { SourceItem } from '../domain/figure-record.js';

const maxItems = 32;
/** Panels of a batch, whole figures included: each is held as the input of a model. One record has at most 101. */
const maxPanels = 128;
/** Two batches are in memory at a time; a single image that is larger makes a batch of its own. */
const maxBytes = 256 * 1024 * 1024;

/** Cuts a source into batches that are read at once, at most `limit` items together. */
export async function* inBatches(
  items: AsyncIterable<SourceItem>,
  limit = Infinity,
): AsyncGenerator<readonly SourceItem[]> {
  let batch: SourceItem[] = [];
  let [bytes, panels] = [0, 0];
  let count = 0;
  for await (const item of items) {
    // What is left out is named also behind the last record that is wanted, up to the next one.
    if (item.kind !== 'left-out' && ++count > limit) break;
    const [size, own] = item.kind === 'record' ? [item.size, 1 + (item.record.panels?.length ?? 0)] : [0, 0];
    const isFull = bytes + size > maxBytes || panels + own > maxPanels;
    if (batch.length === maxItems || (batch.length > 0 && isFull)) {
      yield batch;
      batch = [];
      [bytes, panels] = [0, 0];
    }
    batch.push(item);
    bytes += size;
    panels += own;
  }
  if (batch.length > 0) yield batch;
}
