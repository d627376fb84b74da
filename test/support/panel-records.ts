import { recordSchema, type IngestRecord } from '../../src/domain/figure-record.js';
import type { RawImage } from '../../src/domain/raw-image.js';

/** An image of three rows with a column for each panel, all of different values. */
export function columnsImage(columns: number, seed = 0): RawImage {
  const data = Uint8Array.from({ length: columns * 3 * 3 }, (_, i) => (i * 37 + seed * 101 + (i >> 3)) & 0xff);
  return { width: columns, height: 3, data };
}

/** A record with a panel for each column of a `columnsImage`; each but the last has a caption. */
export function columnsRecord(id: string, columns: number): IngestRecord {
  const panels = Array.from({ length: columns }, (_, x) => ({
    label: `P${x + 1}`,
    box: { x, y: 0, width: 1, height: 3 },
    ...(x === columns - 1 ? {} : { caption: `column ${x + 1} of ${id}` }),
  }));
  return recordSchema.parse({ id, image: 'a.png', caption: `columns of ${id}`, panels });
}
