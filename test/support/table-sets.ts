import { writeFileSync } from 'node:fs';
import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';

/** A column of a made-up parquet file; `image` is the struct `{bytes, path}` of Hugging Face, `texts` a list of texts. */
export interface TableColumn {
  readonly name: string;
  readonly kind: 'text' | 'bytes' | 'image' | 'texts' | 'number';
  readonly data: readonly unknown[];
}

const optional = { repetition_type: 'OPTIONAL' as const };
const text = { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, ...optional };

/** Writes a parquet file with two rows a row group. */
export function writeTable(file: string, columns: readonly TableColumn[]): void {
  writeFileSync(file, tableBytes(columns));
}

export function tableBytes(columns: readonly TableColumn[]): Buffer {
  const schema = [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)];
  const columnData = columns.map(({ name, data }) => ({ name, data: [...data] }));
  return Buffer.from(parquetWriteBuffer({ columnData, schema, rowGroupSize: 2 }));
}

function elementsOf({ name, kind }: TableColumn): SchemaElement[] {
  if (kind === 'text') return [{ name, ...text }];
  if (kind === 'number') return [{ name, type: 'INT64' as const, ...optional }];
  const bytes = { type: 'BYTE_ARRAY' as const, ...optional };
  if (kind === 'bytes') return [{ name, ...bytes }];
  if (kind === 'image')
    return [
      { name, num_children: 2, ...optional },
      { name: 'bytes', ...bytes },
      { name: 'path', ...text },
    ];
  return [
    { name, num_children: 1, converted_type: 'LIST' as const, ...optional },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' as const },
    { name: 'element', ...text },
  ];
}
