import path from 'node:path';
import type { SourceItem } from '../../../domain/figure-record.js';
import type { OpenedImages, SetRequest, SetSplit } from '../../../domain/public-set.js';
import { readImageFile } from '../image-file.js';
import { textOf } from '../parquet/parquet-values.js';
import { captionColumns, captionTable, findImageFolder, imageFile } from '../roco/rocov2-layout.js';
import { countRows, csvRows } from './csv-rows.js';
import { isTaken } from './evenly.js';
import { isFile, layoutError, splitOf } from './layout.js';
import { openParquetImages } from './parquet-images.js';
import { findParquet } from './parquet-rows.js';
import { setItem } from './set-item.js';

const set = 'ROCOv2';

/**
 * ROCOv2 (Rückert et al., Scientific Data 2024) as it is published: SPLIT_captions.csv beside the folder of the split's images
 * (Zenodo), or parquet files with the images in them (Hugging Face).
 * @throws {FigseekError} BAD_USER_INPUT for a folder that has neither
 */
export async function openRocov2(folder: string, request: SetRequest): Promise<OpenedImages> {
  const split = splitOf(request, set, ['test', 'valid', 'train']);
  const table = captionTable(split);
  if (await isFile(path.join(folder, table))) return openCsv(folder, split, request);
  const files = await findParquet(folder, split === 'valid' ? ['valid', 'validation'] : [split]);
  if (files.length > 0) return openParquet(folder, files, { ...request, split });
  throw await layoutError(folder, set, `${table} and ${split}/, or data/${split}-*.parquet`);
}

async function openCsv(folder: string, split: SetSplit, { limit }: SetRequest): Promise<OpenedImages> {
  const table = captionTable(split);
  const file = path.join(folder, table);
  const images = await findImageFolder(folder, split);
  if (images === null) throw await layoutError(folder, set, `the folder ${split} or ${split}_images beside ${table}`);
  const total = await countRows(file, captionColumns);
  return { kind: 'images', layout: `${table}, ${images}/`, split, total, items: items(images), groupOf };

  async function* items(place: string): AsyncGenerator<SourceItem> {
    let row = 0;
    for await (const [id = '', caption = ''] of csvRows(file, captionColumns)) {
      if (!isTaken(row++, total, limit)) continue;
      const image = imageFile(place, id);
      yield setItem({ id, caption }, () => readImageFile(folder, image));
    }
  }
}

function openParquet(folder: string, files: readonly string[], request: SetRequest): Promise<OpenedImages> {
  return openParquetImages(folder, files, request, {
    columns: ['image_id', 'caption'],
    idOf: ({ name, values }) => textOf(values['image_id']) ?? name,
    toItem: (id, { values }, readImage) => setItem({ id, caption: textOf(values['caption']) ?? '' }, readImage),
    groupOf,
  });
}

/** The files do not say which images are of one article. */
function groupOf(id: string): string {
  return `image ${id}`;
}
