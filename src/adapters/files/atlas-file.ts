import { z } from 'zod';
import type { Atlas } from '../../domain/atlas.js';
import { sha256 } from '../../domain/ids.js';

/*
 * One file a map: “FSATLAS1”, the length of the header as uint32 (little-endian, as all numbers), the header as JSON, padded
 * with blanks to a multiple of four, then the columns: panels uint32, x and y float32, cluster uint16, each [count].
 */

const magic = Buffer.from('FSATLAS1');
const headerAt = magic.length + 4;
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
  const text = Buffer.from(JSON.stringify(headerSchema.parse(fields)));
  const header = Buffer.alloc(Math.ceil(text.length / 4) * 4, ' ');
  text.copy(header);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([magic, length, header, columns]);
}

/** @throws {Error} saying what does not fit */
export function decodeAtlas(file: Buffer): Atlas {
  if (file.length < headerAt || !file.subarray(0, magic.length).equals(magic)) throw new Error('it is no map');
  const columnsAt = headerAt + file.readUInt32LE(magic.length);
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

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
