import { expectFolder, type SourceKind } from '../source-kind.js';
import { countImages, readFolder } from './folder.js';

/** A folder of images with captions beside them. */
export const imageFolderKind: SourceKind = {
  fits: ({ isFolder }) => Promise.resolve(isFolder),

  open(file) {
    expectFolder('folder', file, true);
    const { path } = file;
    return Promise.resolve({ isOfArticles: false, read: () => readFolder(path), count: () => countImages(path) });
  },
};
