import type { SourceItem } from '../domain/figure-record.js';

const maxItems = 32;
/** Two batches are in memory at a time; a single image that is larger makes a batch of its own. */
const maxBytes = 256 * 1024 * 1024;

/** Cuts a source into batches that are read at once, at most `limit` items together. */
export async function* inBatches(
  items: AsyncIterable<SourceItem>,
  limit = Infinity,
): AsyncGenerator<readonly SourceItem[]> {
  let batch: SourceItem[] = [];
  let bytes = 0;
  let count = 0;
  for await (const item of items) {
    // What is left out is named also behind the last record that is wanted, up to the next one.
    if (item.kind !== 'left-out' && ++count > limit) break;
    const size = item.kind === 'record' ? item.size : 0;
    if (batch.length === maxItems || (batch.length > 0 && bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
