import { writeFileSync } from 'node:fs';
import { File, ready } from 'h5wasm/node';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** Writes an array of bytes as PatchCamelyon has them: compressed, in blocks of some rows. */
export async function writeByteArray(
  file: string,
  name: string,
  shape: readonly number[],
  data: Uint8Array,
): Promise<void> {
  await ready;
  const written = new File(file, 'w');
  const chunks = [Math.min(4, shape[0] ?? 1), ...shape.slice(1)];
  written.create_dataset({ name, data, shape: [...shape], dtype: '<B', chunks, compression: 4 });
  written.close();
}

/** An image of a table, as Hugging Face keeps it. */
export interface TableImage {
  readonly bytes: Uint8Array;
  readonly path: string;
}

/** Writes a parquet file with a column of images and others, two rows a row group. */
export function writeImageTable(
  file: string,
  images: readonly TableImage[],
  columns: readonly {
    readonly name: string;
    readonly data: readonly (string | bigint)[];
    readonly type: 'STRING' | 'INT64';
  }[],
): void {
  const schema = [
    { name: 'root', num_children: 1 + columns.length },
    { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' as const },
    { name: 'bytes', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
    {
      name: 'path',
      type: 'BYTE_ARRAY' as const,
      converted_type: 'UTF8' as const,
      repetition_type: 'OPTIONAL' as const,
    },
    ...columns.map(({ name, type }) => ({
      name,
      ...(type === 'INT64'
        ? { type: 'INT64' as const }
        : { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const }),
      repetition_type: 'OPTIONAL' as const,
    })),
  ];
  const columnData = [
    { name: 'image', data: [...images] },
    ...columns.map(({ name, data }) => ({ name, data: [...data] })),
  ];
  writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData, schema, rowGroupSize: 2 })));
}
