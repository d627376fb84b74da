import { atlasText } from './atlas-text';

/** A text of each point, as a place in `values`; `none` where it has none. */
export interface CodedColumn {
  readonly codes: Uint16Array;
  readonly values: readonly string[];
}

/** The code of a point without a value, and the cluster of a point in none. */
export const none = 0xffff;

interface Cluster {
  readonly words: readonly string[];
  readonly x: number;
  readonly y: number;
  /** Points of the map that are in it. */
  readonly count: number;
}

/** A map as columns: figures by their place, and what they are colored by. */
export interface AtlasPoints {
  readonly generation: string;
  readonly count: number;
  /** Figures that the map would show without a limit. */
  readonly total: number;
  /** 0..1 from the left and from the top. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly modality: CodedColumn;
  readonly label: CodedColumn;
  readonly collection: CodedColumn;
  /** 0 where it is not known. */
  readonly year: Uint16Array;
  readonly cluster: Uint16Array;
  readonly clusters: readonly Cluster[];
  readonly idOf: (row: number) => string;
  /** Rows of those of the figures that are on the map. */
  readonly rowsOf: (figureIds: readonly string[]) => ReadonlySet<number>;
}

interface Header {
  readonly generation: string;
  readonly count: number;
  readonly total: number;
  readonly modalities: readonly string[];
  readonly labels: readonly string[];
  readonly collections: readonly string[];
  readonly clusters: readonly Cluster[];
}

const magic = 'FSATLAS1';
const idBytes = 12;

/** Reads the answer of `Atlas.pointsUrl` (docs/atlas.md). @throws {Error} for another format */
export function decodePoints(file: ArrayBuffer): AtlasPoints {
  const text = new TextDecoder();
  if (text.decode(new Uint8Array(file, 0, Math.min(magic.length, file.byteLength))) !== magic) {
    throw new Error(atlasText.noMap);
  }
  const headerBytes = new DataView(file).getUint32(magic.length, true);
  let at = magic.length + 4;
  const header = JSON.parse(text.decode(new Uint8Array(file, at, headerBytes))) as Header;
  at += headerBytes;
  const { count } = header;
  const floats = (): Float32Array => new Float32Array(file, (at += 4 * count) - 4 * count, count);
  const numbers = (): Uint16Array => new Uint16Array(file, (at += 2 * count) - 2 * count, count);
  const [x, y] = [floats(), floats()];
  const modality = { codes: numbers(), values: header.modalities };
  const label = { codes: numbers(), values: header.labels };
  const collection = { codes: numbers(), values: header.collections };
  const [year, cluster] = [numbers(), numbers()];
  const ids = new Uint8Array(file, at, count * idBytes);
  return {
    ...{ generation: header.generation, count, total: header.total, clusters: header.clusters },
    ...{ x, y, modality, label, collection, year, cluster },
    ...lookUps(ids, count),
  };
}

/** @param ids uint8 [count, 12] */
function lookUps(ids: Uint8Array, count: number): Pick<AtlasPoints, 'idOf' | 'rowsOf'> {
  const idOf = (row: number): string =>
    `fig_${Array.from(ids.subarray(row * idBytes, (row + 1) * idBytes), hexOf).join('')}`;
  const rowsOf = (figureIds: readonly string[]): ReadonlySet<number> => {
    const wanted = new Set(figureIds);
    // The first four bytes tell nearly all ids apart: few are written out.
    const starts = new Set(figureIds.map((id) => Number.parseInt(id.slice(4, 12), 16)));
    const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
    const rows = new Set<number>();
    for (let row = 0; row < count; row++) {
      if (starts.has(view.getUint32(row * idBytes)) && wanted.has(idOf(row))) rows.add(row);
    }
    return rows;
  };
  return { idOf, rowsOf };
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
