import path from 'node:path';
import { unfit, type SourceKind } from '../source-kind.js';
import { isTarName } from '../tar-entries.js';
import { isArticleFile } from './article-file.js';
import { countFigures, holdsArticles, readArticleFolder, readSingleArticle } from './article-folder.js';
import { isArticlePackage, readPackage } from './article-package.js';

/** Articles in JATS or NLM XML with their images: files, archives, and folders of them. */
export const articleKind: SourceKind = {
  isScreened: true,

  fits: ({ path, isFolder }) => (isFolder ? holdsArticles(path) : isArticle(path)),

  async open({ path: file, isFolder }, screen) {
    if (isFolder)
      return { isOfArticles: true, read: () => readArticleFolder(file, screen), count: () => countFigures(file) };
    if (!(await isArticle(file))) {
      const expected = 'expected an article in JATS or NLM XML, a tar archive of one, or a folder of such articles';
      throw unfit('jats', file, expected);
    }
    const read = () =>
      isTarName(file) ? readPackage(file, path.basename(file), { screen }) : readSingleArticle(file, screen);
    return { isOfArticles: true, read, count: () => Promise.resolve(1) };
  },
};

function isArticle(file: string): Promise<boolean> {
  return isTarName(file) ? isArticlePackage(file) : isArticleFile(file);
}
