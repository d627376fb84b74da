import type { AtlasColumns } from '../../atlas/atlas-points.js';

/*
 * docs/atlas.md describes this format for clients: “FSATLAS1”, the length of the header as uint32, the header as JSON padded with
 * blanks to a multiple of four, then the columns one after the other. All numbers are little-endian.
 */

const magic = Buffer.from('FSATLAS1');
const idBytes = 12;

/** The header of the binary answer. */
interface AtlasHeader {
  readonly generation: string;
  readonly count: number;
  readonly total: number;
  readonly modalities: readonly string[];
  readonly labels: readonly string[];
  readonly collections: readonly string[];
  readonly clusters: AtlasColumns['clusters'];
}

/** @param generation name of the map; empty where there is none */
export function encodeColumns(generation: string, columns: AtlasColumns): Buffer {
  const { figureIds, x, y, year, cluster, modality, label, collection, clusters, total } = columns;
  const header: AtlasHeader = {
    ...{ generation, count: figureIds.length, total, clusters },
    ...{ modalities: modality.values, labels: label.values, collections: collection.values },
  };
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(text.length / 4) * 4, ' ');
  text.copy(padded);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  const numbers = [x, y, modality.codes, label.codes, collection.codes, year, cluster].map(
    ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength),
  );
  return Buffer.concat([magic, length, padded, ...numbers, idsOf(figureIds)]);
}

/** The 24 hexadecimal digits of each id as 12 bytes. */
function idsOf(figureIds: readonly string[]): Buffer {
  const bytes = Buffer.alloc(figureIds.length * idBytes);
  for (const [at, id] of figureIds.entries()) bytes.write(id.slice('fig_'.length), at * idBytes, idBytes, 'hex');
  return bytes;
}
