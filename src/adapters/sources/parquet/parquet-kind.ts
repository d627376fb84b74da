import type { SourceKind } from '../source-kind.js';
import { isParquet } from './parquet-file.js';
import {
  countFileRows,
  countRows,
  expectParquetImages,
  holdsParquetImages,
  readParquetFile,
  readParquetFolder,
} from './parquet-source.js';

/** Parquet files with images, or with paths of images. */
export const parquetKind: SourceKind = {
  fits: ({ path, isFolder }) => (isFolder ? holdsParquetImages(path) : isParquet(path)),

  async open({ path, isFolder }) {
    if (isFolder) return { isOfArticles: false, read: () => readParquetFolder(path), count: () => countRows(path) };
    await expectParquetImages(path);
    return { isOfArticles: false, read: () => readParquetFile(path), count: () => countFileRows(path) };
  },
};
