import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { SourceItem } from '../../../domain/figure-record.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { isTarName } from '../tar-entries.js';
import { faultOf, leftOutItem } from '../source-items.js';
import { candidatesBelow, listEntries, listFiles } from './article-entries.js';
import { reasonForUnused } from './article-faults.js';
import { isArticleFile, readArticleFile } from './article-file.js';
import { articleItems } from './article-items.js';
import { isArticlePackage, readPackage } from './article-package.js';
import { takeAllFigures, type FigureScreen } from './figure-screen.js';
import { MediaNames } from './media-names.js';
import { PackageList } from './package-list.js';
import { expectChecksum, readPmcMetadata, withMetadata } from './pmc-metadata.js';
import { chooseVersion, groupVersions, hasAllPictures, isPmcForm, isPmcMetadata } from './pmc-versions.js';

/** What is looked at to say whether a folder holds articles. */
const maxLookedAt = 2000;
/** Articles whose figures are counted, to guess how many all have. */
const countedArticles = 50;

/** A folder of articles, and how it is read. */
interface ArticleTree {
  readonly root: string;
  readonly screen: FigureScreen;
  /** What a list of packages tells of them; null where there is none. */
  readonly list: PackageList | null;
}

/**
 * Figures of the articles in a folder tree: XML files of JATS or NLM, with their pictures in the same folder or in folders
 * below it that hold no articles of their own. Whatever no figure names is told as left out.
 */
export async function* readArticleFolder(
  folder: string,
  screen: FigureScreen = takeAllFigures,
): AsyncGenerator<SourceItem> {
  const list = await PackageList.find(folder);
  yield* articlesBelow({ root: folder, screen, list }, '');
  if (list !== null) yield* list.items();
}

/** Figures of one article, with its pictures beside it. */
export async function* readSingleArticle(
  file: string,
  screen: FigureScreen = takeAllFigures,
): AsyncGenerator<SourceItem> {
  const folder = path.dirname(path.resolve(file));
  const media = await listFiles(folder, '', await listEntries(folder, ''));
  yield* articleIn({ root: folder, screen, list: null }, path.basename(file), new MediaNames(media));
}

/** Whether a folder holds an article; large ones are looked at in part. */
export async function holdsArticles(folder: string): Promise<boolean> {
  let left = maxLookedAt;
  for await (const file of candidatesBelow(folder)) {
    if (await (isTarName(file) ? isArticlePackage(file) : isArticleFile(file))) return true;
    if (--left === 0) return false;
  }
  return false;
}

/** About how many figures the articles have: those of the first articles stand for all. */
export async function countFigures(folder: string): Promise<number> {
  let [articles, figures] = [0, 0];
  for await (const file of candidatesBelow(folder)) {
    articles++;
    if (articles > countedArticles || isTarName(file)) continue;
    const article = await readArticleFile(file).catch(() => null);
    figures += article?.figures.length ?? 0;
  }
  return Math.round((figures * articles) / Math.max(1, Math.min(articles, countedArticles)));
}

async function* articlesBelow(tree: ArticleTree, below: string): AsyncGenerator<SourceItem> {
  const { root } = tree;
  const entries = await listEntries(root, below).catch((error: unknown) => ({ error }));
  if ('error' in entries) {
    yield faultOf(below === '' ? '.' : below, entries.error, 'The folder cannot be read: ');
    return;
  }
  if (entries.articles.length === 0) {
    for (const file of entries.files) yield* itemsOfUnused(tree, path.posix.join(below, file), new MediaNames([]));
    for (const versions of groupVersions(entries.folders)) yield* versionsBelow(tree, below, versions);
    return;
  }
  const inner: string[] = [];
  const media = await listFiles(path.join(root, below), '', entries, (name) =>
    inner.push(path.posix.join(below, name)),
  );
  const names = new MediaNames(media.map((file) => path.posix.join(below, file)));
  for (const article of entries.articles) yield* articleIn(tree, path.posix.join(below, article), names);
  for (const file of names.unused()) yield* itemsOfUnused(tree, file, names);
  for (const folder of inner) yield* articlesBelow(tree, folder);
}

/** Folders of the versions of one article: one is taken. */
async function* versionsBelow(
  tree: ArticleTree,
  below: string,
  versions: readonly string[],
): AsyncGenerator<SourceItem> {
  const taken = await chooseVersion(versions, (version) => isComplete(path.join(tree.root, below, version)));
  for (const version of versions) {
    const folder = path.posix.join(below, version);
    if (version === taken) yield* articlesBelow(tree, folder);
    else yield leftOutItem(folder, `another version of this article is taken: ${taken ?? ''}`);
  }
}

async function isComplete(folder: string): Promise<boolean> {
  const name = path.basename(folder);
  const article = await readArticleFile(path.join(folder, `${name}.xml`)).catch(() => null);
  if (article === null) return false;
  const files = await readdir(folder);
  const metadata = await readPmcMetadata(folder).catch(() => null);
  const listed = [...(metadata?.media.keys() ?? [])];
  return hasAllPictures(article, new MediaNames(files)) && listed.every((file) => files.includes(file));
}

/** A file that no figure names may be an archive with an article. */
async function* itemsOfUnused(tree: ArticleTree, file: string, names: MediaNames): AsyncGenerator<SourceItem> {
  const { root, screen, list } = tree;
  if (isPmcMetadata(file) || list?.isFile(path.join(root, file)) === true) return;
  if (isPmcForm(file)) yield leftOutItem(file, 'another form of an article');
  else if (isTarName(file)) yield* readPackage(path.join(root, file), file, { screen, list });
  else yield leftOutItem(file, reasonForUnused(file, names));
}

async function* articleIn(tree: ArticleTree, file: string, names: MediaNames): AsyncGenerator<SourceItem> {
  const { root, screen } = tree;
  const article = await readArticleFile(path.join(root, file)).catch((error: unknown) => ({ error }));
  const metadata = await readPmcMetadata(path.dirname(path.join(root, file))).catch((error: unknown) => ({ error }));
  for (const read of [article, metadata]) if (read !== null && 'error' in read) yield faultOf(file, read.error);
  if ('error' in article) return;
  const told = metadata === null || 'error' in metadata ? null : metadata;
  const files = {
    names,
    folder: path.posix.dirname(file),
    open: async (name: string) => ({
      size: await sizeOfImage(root, name),
      readImage: async () => {
        const bytes = await readImageFile(root, name);
        expectChecksum(name, bytes, told?.media.get(path.posix.basename(name)) ?? null);
        return bytes;
      },
    }),
  };
  yield* articleItems(withMetadata(article, told), file, files, screen);
}
