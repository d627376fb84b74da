import { startsAs } from '../file-start.js';
import { FileThread } from '../file-thread.js';
import type { ParquetWork } from './parquet-thread.js';
import { damagedParquet, type ParquetColumn, type ParquetShape, type ParquetValues } from './parquet-values.js';

const thread = new FileThread<ParquetWork, ParquetShape | readonly ParquetValues[]>({
  entry: new URL('./parquet-thread.js', import.meta.url),
  purpose: 'reads parquet files',
  damaged: ({ name }, error) => damagedParquet(name, error),
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
    return new ParquetFile(file, name, (await thread.ask({ file, name, group: null })) as ParquetShape);
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
    return (await thread.ask({ file, name, group: { index, columns } })) as readonly ParquetValues[];
  }
}

/** Whether a file begins as a parquet file does; false for one that cannot be read. */
export function isParquet(file: string): Promise<boolean> {
  return startsAs(file, 4, (start) => Buffer.from(start).toString('latin1') === 'PAR1');
}
