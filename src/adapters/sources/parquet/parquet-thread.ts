/** Reads parquet files in a thread of its own: a hostile file holds no other work, and ends nothing else. */
import { runTaskLoop } from '../../../platform/task-messages.js';
import { ParquetReading } from './parquet-reading.js';
import type { ParquetShape, ParquetValues } from './parquet-values.js';

/** A file to look at, or a row group of it to read. */
export interface ParquetWork {
  readonly file: string;
  /** For messages. */
  readonly name: string;
  readonly group: { readonly index: number; readonly columns: readonly string[] } | null;
}

// Where several columns are damaged, hyparquet tells of the first one and lets the failures of the others go.
process.on('unhandledRejection', () => undefined);

/** The last file, since its row groups are asked for one after the other. */
let last: { readonly file: string; readonly opened: ParquetReading } | null = null;

async function open({ file, name, group }: ParquetWork): Promise<ParquetReading> {
  if (group !== null && last?.file === file) return last.opened;
  const opened = await ParquetReading.open(file, name);
  last = { file, opened };
  return opened;
}

runTaskLoop<ParquetWork, ParquetShape | readonly ParquetValues[]>(async (work) => {
  const opened = await open(work);
  const { columns, groups } = opened;
  const result =
    work.group === null ? { columns, groups } : await opened.readGroup(work.group.index, work.group.columns);
  return { result, transfer: [] };
});
