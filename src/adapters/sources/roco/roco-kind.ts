import { unfit, type SourceKind } from '../source-kind.js';
import { countRoco, findRoco, readRoco } from './roco-folder.js';
import { countRocov2, findRocov2, readRocov2 } from './rocov2-folder.js';

/** ROCO by its text files, or ROCOv2 by its CSV files; its parquet files are read as any others. */
export const rocoKind: SourceKind = {
  async fits({ path, isFolder }) {
    return isFolder && ((await findRoco(path)).length > 0 || (await findRocov2(path)).length > 0);
  },

  async open({ path }) {
    const folders = await findRoco(path);
    if (folders.length > 0)
      return { isOfArticles: false, read: () => readRoco(path, folders), count: () => countRoco(path, folders) };
    const splits = await findRocov2(path);
    if (splits.length === 0) {
      const tables = 'captions.txt with licences.txt or dlinks.txt, in it or in train/radiology, …';
      throw unfit('roco', path, `expected ${tables}; or SPLIT_captions.csv`);
    }
    return { isOfArticles: false, read: () => readRocov2(path, splits), count: () => countRocov2(path, splits) };
  },
};
