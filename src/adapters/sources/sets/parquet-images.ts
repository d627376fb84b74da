import type { SourceItem } from '../../../domain/figure-record.js';
import type { OpenedImages, SetRequest } from '../../../domain/public-set.js';
import { isTaken } from './evenly.js';
import { imageBytes } from '../parquet/parquet-values.js';
import { countParquetRows, parquetRows, type ParquetRow } from './parquet-rows.js';
import { setFault } from './set-item.js';

/** What a set keeps beside the column `image` of its tables. */
interface ImageTable {
  readonly columns: readonly string[];
  readonly idOf: (row: ParquetRow) => string;
  readonly toItem: (id: string, row: ParquetRow, readImage: () => Promise<Uint8Array>) => SourceItem;
  readonly groupOf: (id: string) => string;
}

/** The images of a part that is published as parquet files. @throws {FigseekError} BAD_USER_INPUT for a damaged file */
export async function openParquetImages(
  folder: string,
  files: readonly string[],
  { split, limit }: SetRequest,
  { columns, idOf, toItem, groupOf }: ImageTable,
): Promise<OpenedImages> {
  const total = await countParquetRows(folder, files);
  return { kind: 'images', layout: files.join(', '), split, total, items: items(), groupOf };

  async function* items(): AsyncGenerator<SourceItem> {
    const wanted = (row: number): boolean => isTaken(row, total, limit);
    for await (const row of parquetRows(folder, files, ['image', ...columns], wanted)) {
      const bytes = imageBytes(row.values['image']);
      const id = idOf(row);
      yield bytes === null
        ? setFault(id, 'Expected an image in the column image')
        : toItem(id, row, () => Promise.resolve(bytes));
    }
  }
}
