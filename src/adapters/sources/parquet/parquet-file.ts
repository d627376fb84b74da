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
import { FigseekError, messageOf } from '../../../domain/errors.js';
import { startsAs } from '../file-start.js';

/** A row group is held as a whole; one that would not fit beside the rest is refused. */
const maxGroupBytes = 2 ** 30;
const maxGroupRows = 10_000_000;

/** What a column holds, by its schema. `image` is the struct `{bytes, path}` in which Hugging Face keeps images. */
export type ColumnKind = 'text' | 'bytes' | 'image' | 'other';

export interface ParquetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export type ParquetValues = Readonly<Record<string, unknown>>;

/** A parquet file, of which one row group is read at a time. */
export class ParquetFile {
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
  static async open(file: string, name: string): Promise<ParquetFile> {
    try {
      return new ParquetFile(file, name, await parquetMetadataAsync(await asyncBufferFromFile(file)));
    } catch (error) {
      throw damaged(name, error);
    }
  }

  get rows(): number {
    return this.groups.reduce((sum, rows) => sum + rows, 0);
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
    try {
      const file = await asyncBufferFromFile(this.file);
      const range = { rowStart, rowEnd, columns: [...columns] };
      return await parquetReadObjects({ file, metadata, ...range, utf8: false, compressors });
    } catch (error) {
      throw error instanceof FigseekError ? error : damaged(this.name, error);
    }
  }

  private expectSize(index: number, columns: readonly string[]): void {
    let bytes = 0;
    for (const { meta_data: column } of this.metadata.row_groups[index]?.columns ?? [])
      if (columns.includes(column?.path_in_schema[0] ?? '')) bytes += Number(column?.total_uncompressed_size ?? 0);
    if (bytes > maxGroupBytes) throw tooLarge(`${this.name}: the row group ${index + 1}`, bytes);
  }
}

/** Whether a file begins as a parquet file does; false for one that cannot be read. */
export function isParquet(file: string): Promise<boolean> {
  return startsAs(file, 4, (start) => Buffer.from(start).toString('latin1') === 'PAR1');
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

function damaged(name: string, error: unknown): FigseekError {
  const reason = messageOf(error);
  return new FigseekError('BAD_USER_INPUT', `${name} is damaged or no parquet file that can be read: ${reason}`);
}

function tooLarge(what: string, bytes: number): FigseekError {
  return new FigseekError('PAYLOAD_TOO_LARGE', `${what} has ${bytes} bytes; expected at most ${maxGroupBytes}`);
}

/** The bytes of an image as Hugging Face keeps it: `{bytes, path}`; null for anything else. */
export function imageBytes(value: unknown): Uint8Array | null {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return null;
  return value.bytes instanceof Uint8Array ? value.bytes : null;
}

/** A text, whether its column is marked as text or as bytes. */
export function textOf(value: unknown): string | null {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === 'string' ? value : null;
}
