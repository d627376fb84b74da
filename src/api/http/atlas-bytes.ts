import type { AtlasColumns } from '../../atlas/atlas-points.js';
import { packColumns } from '../../domain/packed-columns.js';

// docs/atlas.md describes this format for clients.

const mark = 'FSATLAS1';
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
  const numbers = [x, y, modality.codes, label.codes, collection.codes, year, cluster];
  return packColumns(mark, header, [...numbers, idsOf(figureIds)]);
}

/** The 24 hexadecimal digits of each id as 12 bytes. */
function idsOf(figureIds: readonly string[]): Buffer {
  const bytes = Buffer.alloc(figureIds.length * idBytes);
  for (const [at, id] of figureIds.entries()) bytes.write(id.slice('fig_'.length), at * idBytes, idBytes, 'hex');
  return bytes;
}
