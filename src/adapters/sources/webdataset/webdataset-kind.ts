import path from 'node:path';
import { unfit, type SourceKind } from '../source-kind.js';
import { isTarName } from '../tar-entries.js';
import { countSamples, holdsOnlyShards, isShard, listShards, readShards, someShard } from './webdataset.js';

/** Shards of a webdataset: one archive, or a folder of them. */
export const webdatasetKind: SourceKind = {
  async fits({ path: file, isFolder }) {
    return isFolder ? holdsOnlyShards(file) : isTarName(file) && (await isShard(file));
  },

  async open({ path: file, isFolder }) {
    const files = isFolder ? (await listShards(file)).map((name) => path.join(file, name)) : [file];
    if (!(await someShard(files))) {
      const expected = 'expected a tar archive of images with texts or JSON under the same names, or a folder of such';
      throw unfit('webdataset', file, expected);
    }
    return { isOfArticles: false, read: () => readShards(files), count: () => countSamples(files) };
  },
};
