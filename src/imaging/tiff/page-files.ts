import { numberOf, numbersOf, readDirectory, readHeader, type Entry, type Form, type ReadAt } from './directories.js';
import { tag } from './tags.js';

/*
 * Single pages of a TIFF with many (TIFF 6.0, section 2; BigTIFF), as files of their own, without reading the rest: stacks of
 * microscopes have gigabytes.
 */

/** A page that shows a picture of its own. */
export interface TiffPage {
  /** From 1, as it is counted in the file. */
  readonly number: number;
  /** Where its directory stands. */
  readonly directory: number;
}

const subfileType = 254;
/** They point to places of the file that a single page does not have: other pictures, and metadata of cameras. */
const pointers: ReadonlySet<number> = new Set([330, 400, 34_665, 34_853, 40_965]);
const maxPages = 10_000;
/**
 * The pages of a TIFF. Copies of the first one in lower resolution, as in pyramids, and thumbnails are none.
 * @returns none for what is no TIFF, or where the first directory cannot be read; `isCut` where a directory behind it cannot
 */
export async function listPages(
  read: ReadAt,
): Promise<{ readonly pages: readonly TiffPage[]; readonly isCut: boolean }> {
  const pages: TiffPage[] = [];
  try {
    const { form, first } = await readHeader(read);
    const seen = new Set<number>();
    let size: readonly [number, number] | null = null;
    for (let at = first; at !== 0 && !seen.has(at) && seen.size < maxPages;) {
      seen.add(at);
      const { entries, next } = await readDirectory(read, form, at, [subfileType, tag.width, tag.height]);
      const own = [numberOf(entries, tag.width, form), numberOf(entries, tag.height, form)] as const;
      const isReduced = (numberOf(entries, subfileType, form) & 1) === 1 || (size !== null && isSmallerCopy(own, size));
      size ??= own;
      if (!isReduced || pages.length === 0) pages.push({ number: seen.size, directory: at });
      at = next;
    }
  } catch (error) {
    // What stands before the damage is read.
    if (!(error instanceof RangeError)) throw error;
    return { pages, isCut: pages.length > 0 };
  }
  return { pages, isCut: false };
}

function isSmallerCopy([width, height]: readonly [number, number], [w, h]: readonly [number, number]): boolean {
  return width < w && height < h && Math.abs((width * h) / (height * w) - 1) < 0.02;
}

/**
 * A file of one page, in the same byte order.
 * @param maxBytes of the file
 * @throws {RangeError} where the page is damaged, or larger
 */
export async function readPage(read: ReadAt, { directory }: TiffPage, maxBytes: number): Promise<Uint8Array> {
  const { form } = await readHeader(read);
  const { entries } = await readDirectory(read, form, directory, null);
  const offsets = entries.find(({ id }) => id === tag.stripOffsets || id === tag.tileOffsets);
  const counts = entries.find(({ id }) => id === tag.stripByteCounts || id === tag.tileByteCounts);
  if (offsets === undefined || counts === undefined) throw new RangeError('The page says not where its pixels are');
  const [places, lengths] = [numbersOf(offsets, form), numbersOf(counts, form)];
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (places.length !== lengths.length || total > maxBytes) {
    throw new RangeError(`The page has ${lengths.length} parts at ${places.length} places, of ${total} bytes`);
  }
  const parts: Uint8Array[] = [];
  for (const [at, place] of places.entries()) parts.push(await read(place, lengths[at] ?? 0));
  return writePage(form, entries, offsets, parts);
}

/** The header, the directory, its long values, then the pixels. */
function writePage(form: Form, entries: readonly Entry[], offsets: Entry, parts: readonly Uint8Array[]): Uint8Array {
  const { isBig } = form;
  const [headerSize, inline] = isBig ? [16, 8] : [8, 4];
  const kept = entries.filter(({ id }) => !pointers.has(id));
  const directorySize = (isBig ? 8 : 2) + kept.length * (isBig ? 20 : 12) + inline;
  const lengthOf = (entry: Entry): number => (entry === offsets ? parts.length * inline : entry.bytes.length);
  let at = headerSize + directorySize;
  const place = (length: number): number => {
    const start = at + (at & 1);
    at = start + length;
    return start;
  };
  const values = new Map(kept.filter((one) => lengthOf(one) > inline).map((one) => [one, place(lengthOf(one))]));
  const data = parts.map((part) => place(part.length));
  const out = new PageWriter(form, at);
  out.header(headerSize);
  out.count(headerSize, kept.length);
  kept.forEach((entry, index) => {
    const start = headerSize + (isBig ? 8 : 2) + index * (isBig ? 20 : 12);
    const isOffsets = entry === offsets;
    const bytes = isOffsets ? out.offsets(data) : entry.bytes;
    out.entry(start, { ...entry, ...(isOffsets ? { type: isBig ? 16 : 4, count: data.length } : {}), bytes });
    const valuesAt = values.get(entry);
    if (valuesAt !== undefined) out.far(start, valuesAt, bytes);
  });
  parts.forEach((part, index) => {
    out.bytes(data[index] ?? 0, part);
  });
  return out.file;
}

class PageWriter {
  readonly file: Uint8Array;
  private readonly view: DataView;

  constructor(
    private readonly form: Form,
    length: number,
  ) {
    this.file = new Uint8Array(length);
    this.view = new DataView(this.file.buffer);
  }

  header(directory: number): void {
    const { isLittle, isBig } = this.form;
    this.bytes(0, Buffer.from(isLittle ? 'II' : 'MM'));
    this.view.setUint16(2, isBig ? 43 : 42, isLittle);
    if (isBig) this.view.setUint16(4, 8, isLittle);
    this.offset(isBig ? 8 : 4, directory);
  }

  count(at: number, entries: number): void {
    if (this.form.isBig) this.offset(at, entries);
    else this.view.setUint16(at, entries, this.form.isLittle);
  }

  /** With its value where that fits. */
  entry(at: number, { id, type, count, bytes }: Entry): void {
    const { isLittle, isBig } = this.form;
    this.view.setUint16(at, id, isLittle);
    this.view.setUint16(at + 2, type, isLittle);
    this.offset(at + 4, count);
    if (bytes.length <= (isBig ? 8 : 4)) this.bytes(at + (isBig ? 12 : 8), bytes);
  }

  /** A value that stands elsewhere. */
  far(entry: number, at: number, bytes: Uint8Array): void {
    this.offset(entry + (this.form.isBig ? 12 : 8), at);
    this.bytes(at, bytes);
  }

  bytes(at: number, bytes: Uint8Array): void {
    this.file.set(bytes, at);
  }

  offsets(places: readonly number[]): Uint8Array {
    const { isLittle, isBig } = this.form;
    const view = new DataView(new ArrayBuffer(places.length * (isBig ? 8 : 4)));
    places.forEach((place, index) => {
      if (isBig) view.setBigUint64(8 * index, BigInt(place), isLittle);
      else view.setUint32(4 * index, place, isLittle);
    });
    return new Uint8Array(view.buffer);
  }

  private offset(at: number, value: number): void {
    if (this.form.isBig) this.view.setBigUint64(at, BigInt(value), this.form.isLittle);
    else this.view.setUint32(at, value, this.form.isLittle);
  }
}
