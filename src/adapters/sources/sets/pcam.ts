import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import type { OpenedImages, SetRequest, SetSplit } from '../../../domain/public-set.js';
import { encodePng } from '../../../imaging/encode.js';
import { isTaken } from './evenly.js';
import { openByteArray, type ByteArrays } from './hdf5-file.js';
import { isFile, layoutError, splitOf } from './layout.js';
import { openParquetImages } from './parquet-images.js';
import { findParquet } from './parquet-rows.js';
import { setFault, setItem } from './set-item.js';

const set = 'PatchCamelyon';

/** By the number that the set gives it; the words are those of the BiomedCLIP paper (Supplementary Table 10). */
const classes = ['normal lymph node', 'lymph node metastasis'] as const;

/** Rows that are read at once: some megabytes, as the arrays are compressed in blocks of many images. */
const slab = 64;

/**
 * PatchCamelyon (Veeling et al., MICCAI 2018) as it is published: two HDF5 files a part, or parquet files (Hugging Face).
 * @throws {FigseekError} BAD_USER_INPUT for a folder that has neither, and for files that do not belong together
 */
export async function openPcam(folder: string, request: SetRequest): Promise<OpenedImages> {
  const split = splitOf(request, set, ['test', 'valid', 'train']);
  const base = `camelyonpatch_level_2_split_${split}`;
  const [images, labels] = [`${base}_x.h5`, `${base}_y.h5`];
  if ((await isFile(path.join(folder, images))) && (await isFile(path.join(folder, labels))))
    return openHdf5(folder, [images, labels], { ...request, split });
  const files = await findParquet(folder, split === 'valid' ? ['valid', 'validation'] : [split]);
  if (files.length > 0) return openParquet(folder, files, { ...request, split });
  const hint = (await isFile(path.join(folder, `${images}.gz`))) ? ' (unpack the .gz files with gunzip)' : '';
  throw await layoutError(folder, set, `${images} and ${labels}${hint}, or data/${split}-*.parquet`);
}

async function openHdf5(
  folder: string,
  [images, labels]: readonly [string, string],
  { split, limit }: SetRequest,
): Promise<OpenedImages> {
  const total = await withArrays(folder, [images, labels], countPatches);
  return { kind: 'images', layout: `${images}, ${labels}`, split, total, items: items(), groupOf };

  async function* items(): AsyncGenerator<SourceItem> {
    const [x, y] = await openArrays(folder, [images, labels]);
    try {
      const [, height = 0, width = 0] = x.shape;
      for (let start = 0; start < total; start += slab) {
        const end = Math.min(start + slab, total);
        const rows = Array.from({ length: end - start }, (_, i) => start + i);
        const taken = rows.filter((row) => isTaken(row, total, limit));
        if (taken.length > 0) yield* slabItems(taken, { start, end, width, height, split }, x, y);
      }
    } finally {
      x.close();
      y.close();
    }
  }
}

/** @throws {FigseekError} BAD_USER_INPUT where images and labels do not belong together */
function countPatches(x: ByteArrays, y: ByteArrays): number {
  const [total = 0, , , channels] = x.shape;
  if (channels === 3 && y.shape[0] === total) return total;
  const given = `x of ${x.shape.join(' × ')} and y of ${y.shape.join(' × ')}`;
  const expected = 'x of images × height × width × 3 and a y for each image';
  throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but found ${given}`);
}

async function openArrays(folder: string, [images, labels]: readonly [string, string]) {
  const x = await openByteArray(path.join(folder, images), 'x');
  try {
    return [x, await openByteArray(path.join(folder, labels), 'y')] as const;
  } catch (error) {
    x.close();
    throw error;
  }
}

async function withArrays<Result>(
  folder: string,
  files: readonly [string, string],
  work: (x: ByteArrays, y: ByteArrays) => Result,
): Promise<Result> {
  const [x, y] = await openArrays(folder, files);
  try {
    return work(x, y);
  } finally {
    x.close();
    y.close();
  }
}

interface Slab {
  readonly start: number;
  readonly end: number;
  readonly width: number;
  readonly height: number;
  readonly split: SetSplit | null;
}

function* slabItems(
  rows: readonly number[],
  { start, end, width, height, split }: Slab,
  x: ByteArrays,
  y: ByteArrays,
): Generator<SourceItem> {
  const pixels = x.rows(start, end);
  const labels = y.rows(start, end);
  const bytes = 3 * width * height;
  for (const row of rows) {
    // A copy: what waits for the model must not hold the slab.
    const data = pixels.slice((row - start) * bytes, (row - start + 1) * bytes);
    yield labeled(`${split ?? ''}-${row}`, labels[row - start], () => encodePng({ width, height, data }));
  }
}

function openParquet(folder: string, files: readonly string[], request: SetRequest): Promise<OpenedImages> {
  return openParquetImages(folder, files, request, {
    columns: ['label'],
    idOf: ({ name }) => name,
    toItem: (id, { values }, readImage) => labeled(id, Number(values['label']), readImage),
    groupOf,
  });
}

function labeled(id: string, number: number | undefined, readImage: () => Promise<Uint8Array>): SourceItem {
  const label = classes[number ?? -1];
  if (label === undefined) return setFault(id, `Expected a label of 0 or 1 but received ${number ?? 'nothing'}`);
  return setItem({ id, labels: [label] }, readImage);
}

/** The files do not say which patches are of one slide. */
function groupOf(id: string): string {
  return `patch ${id}`;
}
