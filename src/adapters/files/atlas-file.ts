import { bytesOf, packColumns } from '../../domain/packed-columns.js';
import { z } from 'zod';
import type { Atlas } from '../../domain/atlas.js';
import { sha256 } from '../../domain/ids.js';

/** One file a map, as `packColumns` writes it; the columns are panels uint32, x and y float32, cluster uint16, each [count]. */
const mark = 'FSATLAS1';
const headerAt = mark.length + 4;
const bytesPerPoint = 4 + 4 + 4 + 2;

const headerSchema = z.strictObject({
  id: z.string().regex(/^a\d{17}$/),
  space: z.string(),
  generation: z.string().nullable(),
  madeAt: z.iso.datetime(),
  count: z.number().int().nonnegative(),
  laidOut: z.number().int().nonnegative(),
  lastVector: z.number().int().nonnegative(),
  clusters: z.array(
    z.strictObject({ words: z.array(z.string()), x: z.number(), y: z.number(), count: z.number().int() }),
  ),
  /** Of the columns. */
  sha256: z.string().length(64),
});

export function encodeAtlas({ panels, x, y, cluster, madeAt, ...facts }: Atlas): Buffer {
  const columns = Buffer.concat([panels, x, y, cluster].map(bytesOf));
  const fields = { ...facts, madeAt: madeAt.toISOString(), count: panels.length, sha256: sha256(columns) };
  return packColumns(mark, headerSchema.parse(fields), [columns]);
}

/** @throws {Error} saying what does not fit */
export function decodeAtlas(file: Buffer): Atlas {
  if (file.length < headerAt || file.toString('latin1', 0, mark.length) !== mark) throw new Error('it is no map');
  const columnsAt = headerAt + file.readUInt32LE(mark.length);
  const header = headerSchema.parse(JSON.parse(file.toString('utf8', headerAt, columnsAt)));
  // A copy begins at a multiple of four, as typed arrays need.
  const columns = Uint8Array.from(file.subarray(columnsAt));
  const { count, sha256: hash, madeAt, ...facts } = header;
  if (columns.length !== count * bytesPerPoint || sha256(columns) !== hash) throw new Error('its sha256 does not fit');
  return {
    ...facts,
    madeAt: new Date(madeAt),
    panels: new Uint32Array(columns.buffer, 0, count),
    x: new Float32Array(columns.buffer, 4 * count, count),
    y: new Float32Array(columns.buffer, 8 * count, count),
    cluster: new Uint16Array(columns.buffer, 12 * count, count),
  };
}
