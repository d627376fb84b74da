import path from 'node:path';
import type { SourceItem } from '../../../domain/figure-record.js';
import type { OpenedImages, SetRequest, SetSplit } from '../../../domain/public-set.js';
import { readImageFile } from '../image-file.js';
import { countRows, csvRows } from './csv-rows.js';
import { isTaken } from './evenly.js';
import { firstFolder, isFile, layoutError, splitOf } from './layout.js';
import { countParquetRows, findParquet, imageBytes, parquetRows, textOf } from './parquet-rows.js';
import { setFault, setItem } from './set-item.js';

const set = 'ROCOv2';
const columns = ['ID', 'Caption'] as const;

/**
 * ROCOv2 (Rückert et al., Scientific Data 2024) as it is published: SPLIT_captions.csv beside the folder of the split's images
 * (Zenodo), or parquet files with the images in them (Hugging Face).
 * @throws {FigseekError} BAD_USER_INPUT for a folder that has neither
 */
export async function openRocov2(folder: string, request: SetRequest): Promise<OpenedImages> {
  const split = splitOf(request, set, ['test', 'valid', 'train']);
  const table = `${split}_captions.csv`;
  if (await isFile(path.join(folder, table))) return openCsv(folder, split, request);
  const files = await findParquet(folder, split === 'valid' ? ['valid', 'validation'] : [split]);
  if (files.length > 0) return openParquet(folder, files, { ...request, split });
  throw await layoutError(folder, set, `${table} and ${split}/, or data/${split}-*.parquet`);
}

async function openCsv(folder: string, split: SetSplit, { limit }: SetRequest): Promise<OpenedImages> {
  const table = `${split}_captions.csv`;
  const file = path.join(folder, table);
  const images = await firstFolder(folder, [split, `${split}_images/${split}`, `${split}_images`]);
  if (images === null) throw await layoutError(folder, set, `the folder ${split} or ${split}_images beside ${table}`);
  const total = await countRows(file, columns);
  return { kind: 'images', layout: `${table}, ${images}/`, split, total, items: items(images), groupOf };

  async function* items(place: string): AsyncGenerator<SourceItem> {
    let row = 0;
    for await (const [id = '', caption = ''] of csvRows(file, columns)) {
      if (!isTaken(row++, total, limit)) continue;
      const image = path.join(place, /\.\w+$/.test(id) ? id : `${id}.jpg`);
      yield setItem({ id, caption }, () => readImageFile(folder, image));
    }
  }
}

async function openParquet(
  folder: string,
  files: readonly string[],
  { split, limit }: SetRequest,
): Promise<OpenedImages> {
  const total = await countParquetRows(folder, files);
  return { kind: 'images', layout: files.join(', '), split, total, items: items(), groupOf };

  async function* items(): AsyncGenerator<SourceItem> {
    const wanted = (row: number): boolean => isTaken(row, total, limit);
    for await (const { name, values } of parquetRows(folder, files, ['image', 'image_id', 'caption'], wanted)) {
      const bytes = imageBytes(values.image);
      const [id, caption] = [textOf(values.image_id) ?? name, textOf(values.caption) ?? ''];
      yield bytes === null
        ? setFault(id, 'Expected an image in the column image')
        : setItem({ id, caption }, () => Promise.resolve(bytes));
    }
  }
}

/** The files do not say which images are of one article. */
function groupOf(id: string): string {
  return `image ${id}`;
}
