/* Directories of a TIFF or BigTIFF, read where they stand. */

/** Reads so many bytes at a place of a file. @throws {RangeError} past its end */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

export interface Form {
  readonly isLittle: boolean;
  readonly isBig: boolean;
}

export interface Entry {
  readonly id: number;
  readonly type: number;
  readonly count: number;
  /** As they stand in the file. */
  readonly bytes: Uint8Array;
}

export interface Directory {
  readonly entries: readonly Entry[];
  /** Where the next one stands; 0 behind the last. */
  readonly next: number;
}

const sizes = new Map([1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4].map((size, at) => [at + 1, size] as const));
for (const type of [16, 17, 18]) sizes.set(type, 8);

const maxEntries = 4096;
/** Bytes of one value of a directory. */
const maxValue = 64 * 1024 * 1024;

/** @throws {RangeError} for what is no TIFF */
export async function readHeader(read: ReadAt): Promise<{ readonly form: Form; readonly first: number }> {
  const start = await read(0, 8);
  const order = Buffer.from(start.subarray(0, 2)).toString('latin1');
  const isLittle = order === 'II';
  const version = viewOf(start).getUint16(2, isLittle);
  if ((order !== 'II' && order !== 'MM') || (version !== 42 && version !== 43)) throw new RangeError('It is no TIFF');
  const form = { isLittle, isBig: version === 43 };
  return { form, first: offsetIn(form.isBig ? await read(8, 8) : start.subarray(4), 0, form) };
}

/** @param wanted the tags whose values are read; null: all @throws {RangeError} for a damaged one */
export async function readDirectory(
  read: ReadAt,
  form: Form,
  at: number,
  wanted: readonly number[] | null,
): Promise<Directory> {
  const { isLittle, isBig } = form;
  const [countSize, entrySize, inline] = isBig ? [8, 20, 8] : [2, 12, 4];
  const head = await read(at, countSize);
  const count = isBig ? offsetIn(head, 0, form) : viewOf(head).getUint16(0, isLittle);
  if (count > maxEntries) throw new RangeError(`A directory has ${count} entries`);
  const table = await read(at + countSize, count * entrySize + inline);
  const view = viewOf(table);
  const entries: Entry[] = [];
  for (let from = 0; from < count * entrySize; from += entrySize) {
    const [id, type] = [view.getUint16(from, isLittle), view.getUint16(from + 2, isLittle)];
    const size = sizes.get(type);
    if (size === undefined || wanted?.includes(id) === false) continue;
    const values = offsetIn(table, from + 4, form);
    if (values * size > maxValue) throw new RangeError(`The tag ${id} has ${values} values`);
    const valueAt = from + (isBig ? 12 : 8);
    const bytes =
      values * size <= inline
        ? table.subarray(valueAt, valueAt + values * size)
        : await read(offsetIn(table, valueAt, form), values * size);
    entries.push({ id, type, count: values, bytes });
  }
  return { entries, next: offsetIn(table, count * entrySize, form) };
}

/** The first value of a tag; 0 where it is absent. */
export function numberOf(entries: readonly Entry[], id: number, form: Form): number {
  const entry = entries.find((one) => one.id === id);
  return entry === undefined ? 0 : (numbersOf(entry, form)[0] ?? 0);
}

/** Values of SHORT, LONG or LONG8. */
export function numbersOf({ type, count, bytes }: Entry, form: Form): readonly number[] {
  const view = viewOf(bytes);
  return Array.from({ length: count }, (_, index) => {
    if (type === 3) return view.getUint16(2 * index, form.isLittle);
    if (type === 16) return Number(view.getBigUint64(8 * index, form.isLittle));
    if (type === 4) return view.getUint32(4 * index, form.isLittle);
    throw new RangeError(`Expected whole numbers but found the type ${type}`);
  });
}

function offsetIn(bytes: Uint8Array, at: number, { isLittle, isBig }: Form): number {
  const view = viewOf(bytes);
  return isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
