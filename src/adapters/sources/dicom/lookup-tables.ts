import type { DataSet } from 'dicom-parser';
import { damaged } from './dicom-faults.js';
import { bytesOf, shortsOf } from './element-values.js';

/** A lookup table (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5). */
export interface LookupTable {
  /** The value that the first entry is for; lower values get the first entry, values beyond the last one the last entry. */
  readonly first: number;
  readonly bits: number;
  readonly entries: readonly number[];
}

interface TableTags {
  readonly descriptor: string;
  readonly data: string;
}

/**
 * Reads a table: a descriptor of three numbers (entries, 0 for 65,536; first value; bits), and entries of 16 bits, or of 8
 * bits where there are not enough bytes for 16.
 * @param isSigned whether the pixels are: the first value is then signed too
 * @returns null where the data set has no such table
 * @throws {FigseekError} BAD_USER_INPUT where it has fewer entries than it says
 */
export function readTable(item: DataSet, tags: TableTags, isSigned: boolean): LookupTable | null {
  const [said = 0, unsignedFirst = 0, bits = 16] = shortsOf(item, tags.descriptor);
  const raw = bytesOf(item, tags.data);
  if (raw === null) return null;
  const count = said === 0 ? 65_536 : said;
  const isWide = raw.length >= 2 * count;
  if (!isWide && raw.length < count) throw damaged('a lookup table has fewer entries than it says');
  if (bits < 1 || bits > 16) throw damaged(`a lookup table has ${bits} bits`);
  const entries = isWide ? shortsOf(item, tags.data).slice(0, count) : Array.from(raw.subarray(0, count));
  const first = isSigned && unsignedFirst > 32_767 ? unsignedFirst - 65_536 : unsignedFirst;
  return { first, bits, entries };
}

/** The entry for a value. */
export function lookUp({ first, entries }: LookupTable, value: number): number {
  const place = Math.max(0, Math.min(entries.length - 1, Math.trunc(value) - first));
  return entries[place] ?? 0;
}
