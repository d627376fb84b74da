import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type Compressors,
  type FileMetaData,
  type SchemaTree,
} from 'hyparquet';
import { compressors as codecs } from 'hyparquet-compressors';
import { FigseekError } from '../../../domain/errors.js';
import { damagedParquet, type ColumnKind, type ParquetColumn, type ParquetValues } from './parquet-values.js';

/** A row group is held as a whole; one that would not fit beside the rest is refused. */
const maxGroupBytes = 2 ** 30;
const maxGroupRows = 10_000_000;

/** A parquet file that is open in the thread that reads such files. */
export class ParquetReading {
  readonly columns: readonly ParquetColumn[];
  /** Rows of each row group. */
  readonly groups: readonly number[];

  private constructor(
    private readonly file: string,
    private readonly name: string,
    private readonly metadata: FileMetaData,
  ) {
    this.columns = parquetSchema(metadata).children.map((node) => ({ name: node.element.name, kind: kindOf(node) }));
    this.groups = metadata.row_groups.map(({ num_rows: rows }) => Number(rows));
    if (this.groups.some((rows) => rows < 0 || rows > maxGroupRows))
      throw new Error(`expected row groups of at most ${maxGroupRows} rows`);
  }

  /** @param name for messages @throws {FigseekError} BAD_USER_INPUT for a file that is damaged */
  static async open(file: string, name: string): Promise<ParquetReading> {
    try {
      return new ParquetReading(file, name, await parquetMetadataAsync(await asyncBufferFromFile(file)));
    } catch (error) {
      throw damagedParquet(name, error);
    }
  }

  /**
   * @param index of the row group, from 0
   * @returns its rows; texts are strings where the schema says that they are texts, else bytes
   * @throws {FigseekError} BAD_USER_INPUT where it is damaged; PAYLOAD_TOO_LARGE where it needs more than 1 GB of memory
   */
  async readGroup(index: number, columns: readonly string[]): Promise<readonly ParquetValues[]> {
    this.expectSize(index, columns);
    const rowStart = this.groups.slice(0, index).reduce((sum, rows) => sum + rows, 0);
    const rowEnd = rowStart + (this.groups[index] ?? 0);
    const { metadata } = this;
    // A damaged page may lead back to one before it, and hyparquet would read in a circle.
    const onPage = (page: { readonly rowEnd: number }): void => {
      if (page.rowEnd > rowEnd) throw new Error(`expected ${rowEnd - rowStart} rows in a row group but found more`);
    };
    try {
      const file = await asyncBufferFromFile(this.file);
      const range = { rowStart, rowEnd, columns: [...columns] };
      return await parquetReadObjects({ file, metadata, ...range, utf8: false, compressors, onPage });
    } catch (error) {
      throw error instanceof FigseekError ? error : damagedParquet(this.name, error);
    }
  }

  private expectSize(index: number, columns: readonly string[]): void {
    let bytes = 0;
    for (const { meta_data: column } of this.metadata.row_groups[index]?.columns ?? [])
      if (columns.includes(column?.path_in_schema[0] ?? '')) bytes += Number(column?.total_uncompressed_size ?? 0);
    if (bytes > maxGroupBytes) throw tooLarge(`${this.name}: the row group ${index + 1}`, bytes);
  }
}

/** A page says how long it becomes; it is refused before the memory is taken. */
const compressors: Compressors = Object.fromEntries(
  Object.entries(codecs).map(([name, decompress]) => [
    name,
    (input: Uint8Array, length: number) => {
      if (length > maxGroupBytes) throw tooLarge('A page', length);
      return decompress(input, length);
    },
  ]),
);

function kindOf({ element, children }: SchemaTree): ColumnKind {
  if (children.length > 0) return children.some((child) => child.element.name === 'bytes') ? 'image' : 'other';
  if (element.type !== 'BYTE_ARRAY') return 'other';
  const isText = element.converted_type !== undefined || element.logical_type !== undefined;
  return isText ? 'text' : 'bytes';
}

function tooLarge(what: string, bytes: number): FigseekError {
  return new FigseekError('PAYLOAD_TOO_LARGE', `${what} has ${bytes} bytes; expected at most ${maxGroupBytes}`);
}
