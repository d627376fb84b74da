/** The numbers of the TIFF tags that say how a picture is kept (TIFF 6.0; BigTIFF; Adobe's technical notes). */
export const tag = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  minSampleValue: 280,
  maxSampleValue: 281,
  planarConfiguration: 284,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  sMinSampleValue: 340,
  sMaxSampleValue: 341,
  yCbCrSubSampling: 530,
  iccProfile: 34_675,
} as const;

const known: ReadonlySet<number> = new Set(Object.values(tag));

/** The first page's tags. */
export interface TiffTags {
  numbers(tag: number): readonly number[] | undefined;
  /** The first number of a tag. */
  number(tag: number): number | undefined;
  /** ImageDescription, where there is one. */
  readonly description: string;
  readonly pages: number;
}

/** Bytes of one value, by the TIFF type (1 BYTE … 13 IFD, 16 LONG8 … 18 IFD8). */
const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
/** A description may be an XML document of megabytes: its beginning tells enough. */
const maxDescription = 10_000;
/** Of one tag: strips of single rows, and a profile, have fewer. */
const maxValues = 4_000_000;
/** A page list longer than this is not followed further: it would only be counted. */
const maxPages = 100_000;

class Reader {
  private readonly view: DataView;
  private readonly little: boolean;
  readonly big: boolean;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = bytes[0] === 0x49;
    this.big = this.view.getUint16(2, this.little) === 43;
  }

  short(at: number): number {
    return this.view.getUint16(at, this.little);
  }

  /** An offset or a count: 8 bytes in a BigTIFF, else 4. */
  offset(at: number): number {
    return this.big ? Number(this.view.getBigUint64(at, this.little)) : this.view.getUint32(at, this.little);
  }

  value(type: number, at: number): number {
    const { view, little } = this;
    switch (type) {
      case 3:
        return view.getUint16(at, little);
      case 4:
      case 13:
        return view.getUint32(at, little);
      case 5:
        return view.getUint32(at, little) / view.getUint32(at + 4, little);
      case 6:
        return view.getInt8(at);
      case 8:
        return view.getInt16(at, little);
      case 9:
        return view.getInt32(at, little);
      case 10:
        return view.getInt32(at, little) / view.getInt32(at + 4, little);
      case 11:
        return view.getFloat32(at, little);
      case 12:
        return view.getFloat64(at, little);
      case 16:
      case 18:
        return Number(view.getBigUint64(at, little));
      case 17:
        return Number(view.getBigInt64(at, little));
      default:
        return view.getUint8(at);
    }
  }
}

/** Whether the bytes begin as a TIFF or BigTIFF. */
export function isTiff(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(start);
}

/** Reads the first page's tags and counts the pages. @throws {RangeError} where the file ends before its first directory does */
export function readTags(bytes: Uint8Array): TiffTags {
  const reader = new Reader(bytes);
  const first = reader.offset(reader.big ? 8 : 4);
  const found = readDirectory(reader, first);
  return {
    numbers: (wanted) => found.get(wanted),
    number: (wanted) => found.get(wanted)?.[0],
    description: String.fromCharCode(...(found.get(tag.description) ?? [])),
    pages: countPages(reader, first),
  };
}

function readDirectory(reader: Reader, start: number): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  const { from, entries, entrySize } = directoryAt(reader, start);
  for (let entry = 0; entry < entries; entry++) {
    const at = from + entry * entrySize;
    const id = reader.short(at);
    const type = reader.short(at + 2);
    const size = sizes[type];
    // A tag stands once; a file that repeats one says the same again and again to take time.
    if (!known.has(id) || found.has(id) || size === undefined) continue;
    const count = Math.min(reader.offset(at + 4), id === tag.description ? maxDescription : Infinity);
    if (count > maxValues) throw new RangeError(`The tag ${id} has ${count} values`);
    const inline = reader.big ? 8 : 4;
    const valuesAt = size * count <= inline ? at + 4 + inline : reader.offset(at + 4 + inline);
    // The last value first: a count past the end of the file throws before it takes memory.
    if (count > 0) reader.value(type, valuesAt + (count - 1) * size);
    found.set(
      id,
      Array.from({ length: count }, (_, index) => reader.value(type, valuesAt + index * size)),
    );
  }
  return found;
}

function directoryAt(reader: Reader, start: number): { from: number; entries: number; entrySize: number } {
  const entries = reader.big ? reader.offset(start) : reader.short(start);
  return { from: start + (reader.big ? 8 : 2), entries, entrySize: reader.big ? 20 : 12 };
}

/** Pages up to the first that is damaged: only the first page is decoded. */
function countPages(reader: Reader, first: number): number {
  const seen = new Set<number>();
  try {
    for (let at = first; at !== 0 && !seen.has(at) && seen.size < maxPages;) {
      const { from, entries, entrySize } = directoryAt(reader, at);
      const next = reader.offset(from + entries * entrySize);
      seen.add(at);
      at = next;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return Math.max(1, seen.size);
}
