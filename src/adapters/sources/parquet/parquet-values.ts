import { FigseekError, messageOf } from '../../../domain/errors.js';

/** What a column holds, by its schema. `image` is the struct `{bytes, path}` in which Hugging Face keeps images. */
export type ColumnKind = 'text' | 'bytes' | 'image' | 'other';

export interface ParquetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export type ParquetValues = Readonly<Record<string, unknown>>;

/** What a file says of itself. */
export interface ParquetShape {
  readonly columns: readonly ParquetColumn[];
  /** Rows of each row group. */
  readonly groups: readonly number[];
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

/** @returns BAD_USER_INPUT that names the file */
export function damagedParquet(name: string, error: unknown): FigseekError {
  const reason = messageOf(error);
  return new FigseekError('BAD_USER_INPUT', `${name} is damaged or no parquet file that can be read: ${reason}`);
}
