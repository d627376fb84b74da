import { FigseekError } from '../../../domain/errors.js';
import { WorkerThread } from '../../../platform/worker-thread.js';
import { startsAs } from '../file-start.js';
import type { ParquetWork } from './parquet-thread.js';
import { damagedParquet, type ParquetColumn, type ParquetShape, type ParquetValues } from './parquet-values.js';

/** A row group takes some seconds; a file that is made to take for ever is given up. */
const timeoutMs = 120_000;

const thread = new WorkerThread<ParquetWork, ParquetShape | readonly ParquetValues[]>({
  entry: new URL('./parquet-thread.js', import.meta.url),
  purpose: 'reads parquet files',
  timeoutMs,
});

/** A parquet file, of which one row group is read at a time. */
export class ParquetFile implements ParquetShape {
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly number[];

  private constructor(
    private readonly file: string,
    private readonly name: string,
    shape: ParquetShape,
  ) {
    this.columns = shape.columns;
    this.groups = shape.groups;
  }

  /** @param name for messages @throws {FigseekError} BAD_USER_INPUT for a file that is damaged; TIMEOUT */
  static async open(file: string, name: string): Promise<ParquetFile> {
    return new ParquetFile(file, name, (await ask({ file, name, group: null })) as ParquetShape);
  }

  get rows(): number {
    return this.groups.reduce((sum, rows) => sum + rows, 0);
  }

  /**
   * @param index of the row group, from 0
   * @returns its rows; texts are strings where the schema says that they are texts, else bytes
   * @throws {FigseekError} BAD_USER_INPUT where it is damaged; PAYLOAD_TOO_LARGE where it needs more than 1 GB of memory; TIMEOUT
   */
  async readGroup(index: number, columns: readonly string[]): Promise<readonly ParquetValues[]> {
    const { file, name } = this;
    return (await ask({ file, name, group: { index, columns } })) as readonly ParquetValues[];
  }
}

/** Where the thread ends, the file did it: there is no model that could be unavailable. */
async function ask(work: ParquetWork): Promise<ParquetShape | readonly ParquetValues[]> {
  try {
    return await thread.ask(work);
  } catch (error) {
    if (error instanceof FigseekError && error.code !== 'MODEL_UNAVAILABLE') throw error;
    throw damagedParquet(work.name, error);
  }
}

/** Whether a file begins as a parquet file does; false for one that cannot be read. */
export function isParquet(file: string): Promise<boolean> {
  return startsAs(file, 4, (start) => Buffer.from(start).toString('latin1') === 'PAR1');
}
