import { deflateSync } from 'node:zlib';

export interface TiffParts {
  readonly width: number;
  readonly height: number;
  /** The page's bytes, packed already: one strip, or several tiles. */
  readonly parts: readonly Uint8Array[];
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format?: 1 | 2 | 3;
  readonly samples?: number;
  readonly photometric?: number;
  readonly compression?: number;
  readonly tile?: readonly [number, number];
  readonly isBig?: boolean;
  readonly isLittle?: boolean;
  /** Further SHORT tags, or tags instead of the usual. */
  readonly tags?: Readonly<Record<number, readonly number[]>>;
}

const shortType = 3;
const longType = 4;
const long8Type = 16;

/** A TIFF or BigTIFF of one page, made by hand: test files of kinds that no encoder here writes. */
export function writeTiff(picture: TiffParts): Buffer {
  const { parts, isBig = false, isLittle = true } = picture;
  const dataAt = isBig ? 16 : 8;
  let at = dataAt;
  const offsets = parts.map((part) => {
    const start = at;
    at += part.length;
    return start;
  });
  const directory = directoryOf(picture, offsets);
  const out = new Writer(isLittle, isBig);
  out.bytes(Buffer.from(isLittle ? 'II' : 'MM'));
  out.number(isBig ? 43 : 42, 2);
  if (isBig) {
    out.number(8, 2);
    out.number(0, 2);
  }
  out.offset(at);
  for (const part of parts) out.bytes(part);
  out.directory(directory, at);
  return out.whole();
}

interface Entry {
  readonly id: number;
  readonly type: number;
  readonly values: readonly number[];
}

function directoryOf(picture: TiffParts, offsets: readonly number[]): readonly Entry[] {
  const { width, height, bits, format = 1, samples = 1, photometric = 1, compression = 1, tile, parts } = picture;
  const counts = parts.map((part) => part.length);
  const short = new Map<number, readonly number[]>([
    [256, [width]],
    [257, [height]],
    [258, Array.from({ length: samples }, () => bits)],
    [259, [compression]],
    [262, [photometric]],
    [277, [samples]],
    [339, Array.from({ length: samples }, () => format)],
  ]);
  if (tile === undefined) short.set(278, [height]);
  else short.set(322, [tile[0]]).set(323, [tile[1]]);
  for (const [id, values] of Object.entries(picture.tags ?? {})) short.set(Number(id), values);
  const long = picture.isBig ? long8Type : longType;
  const places: readonly Entry[] = [
    { id: tile ? 324 : 273, type: long, values: offsets },
    { id: tile ? 325 : 279, type: long, values: counts },
  ];
  const entries = [...short].map(([id, values]) => ({ id, type: shortType, values }));
  return [...entries, ...places].sort((a, b) => a.id - b.id);
}

class Writer {
  private readonly chunks: Uint8Array[] = [];

  constructor(
    private readonly isLittle: boolean,
    private readonly isBig: boolean,
  ) {}

  bytes(chunk: Uint8Array): void {
    this.chunks.push(chunk);
  }

  number(value: number, size: 2 | 4 | 8): void {
    const view = new DataView(new ArrayBuffer(size));
    if (size === 2) view.setUint16(0, value, this.isLittle);
    else if (size === 4) view.setUint32(0, value, this.isLittle);
    else view.setBigUint64(0, BigInt(value), this.isLittle);
    this.bytes(new Uint8Array(view.buffer));
  }

  offset(value: number): void {
    this.number(value, this.isBig ? 8 : 4);
  }

  directory(entries: readonly Entry[], start: number): void {
    const inline = this.isBig ? 8 : 4;
    const entrySize = this.isBig ? 20 : 12;
    let valuesAt = start + (this.isBig ? 8 : 2) + entries.length * entrySize + inline;
    const later: Entry[] = [];
    this.number(entries.length, this.isBig ? 8 : 2);
    for (const entry of entries) {
      this.number(entry.id, 2);
      this.number(entry.type, 2);
      this.offset(entry.values.length);
      const bytes = sizeOf(entry.type) * entry.values.length;
      if (bytes > inline) {
        this.offset(valuesAt);
        valuesAt += bytes;
        later.push(entry);
      } else {
        this.values(entry);
        this.bytes(new Uint8Array(inline - bytes));
      }
    }
    this.offset(0);
    for (const entry of later) this.values(entry);
  }

  whole(): Buffer {
    return Buffer.concat(this.chunks);
  }

  private values({ type, values }: Entry): void {
    for (const value of values) this.number(value, sizeOf(type));
  }
}

function sizeOf(type: number): 2 | 4 | 8 {
  if (type === shortType) return 2;
  return type === longType ? 4 : 8;
}

/** Numbers as bytes. */
export function numberBytes(
  values: readonly number[],
  kind: 'f32' | 'f64' | 'i16' | 'u16' | 'u32',
  isLittle = true,
): Uint8Array {
  const size = { f32: 4, f64: 8, i16: 2, u16: 2, u32: 4 }[kind];
  const view = new DataView(new ArrayBuffer(values.length * size));
  for (const [index, value] of values.entries()) {
    const at = index * size;
    if (kind === 'f32') view.setFloat32(at, value, isLittle);
    else if (kind === 'f64') view.setFloat64(at, value, isLittle);
    else if (kind === 'i16') view.setInt16(at, value, isLittle);
    else if (kind === 'u16') view.setUint16(at, value, isLittle);
    else view.setUint32(at, value, isLittle);
  }
  return new Uint8Array(view.buffer);
}

export function deflated(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes);
}
