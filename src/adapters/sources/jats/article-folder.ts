import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SourceItem } from '../../../domain/figure-record.js';
import { foreignFile, foreignFolder } from '../file-name-kinds.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { faultOf, isXmlName, leftOut, reasonForUnused } from './article-faults.js';
import { isArticleFile, readArticleFile } from './article-file.js';
import { articleItems } from './article-items.js';
import { isArticlePackage, isPackageName, readPackage } from './article-package.js';
import { MediaNames } from './media-names.js';

/** What is looked at to say whether a folder holds articles. */
const maxLookedAt = 2000;
/** Articles whose figures are counted, to guess how many all have. */
const countedArticles = 50;

/** A folder with what lies in it, sorted by name. */
interface FolderEntries {
  readonly articles: readonly string[];
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * Figures of the articles in a folder tree: XML files of JATS or NLM, with their pictures in the same folder or in folders
 * below it that hold no articles of their own. Whatever no figure names is told as left out.
 */
export async function* readArticleFolder(folder: string): AsyncGenerator<SourceItem> {
  yield* articlesBelow(folder, '');
}

/** Figures of one article, with its pictures beside it. */
export async function* readSingleArticle(file: string): AsyncGenerator<SourceItem> {
  const folder = path.dirname(path.resolve(file));
  const media = await filesOf(folder, '', await entriesOf(folder, ''));
  yield* articleIn(folder, path.basename(file), new MediaNames(media));
}

/** Whether a folder holds an article; large ones are looked at in part. */
export async function holdsArticles(folder: string): Promise<boolean> {
  let left = maxLookedAt;
  for await (const file of candidatesBelow(folder)) {
    if (await (isPackageName(file) ? isArticlePackage(file) : isArticleFile(file))) return true;
    if (--left === 0) return false;
  }
  return false;
}

/** About how many figures the articles have: those of the first articles stand for all. */
export async function countFigures(folder: string): Promise<number> {
  let [articles, figures] = [0, 0];
  for await (const file of candidatesBelow(folder)) {
    articles++;
    if (articles > countedArticles || isPackageName(file)) continue;
    const article = await readArticleFile(file).catch(() => null);
    figures += article?.figures.length ?? 0;
  }
  return Math.round((figures * articles) / Math.max(1, Math.min(articles, countedArticles)));
}

async function* articlesBelow(root: string, below: string): AsyncGenerator<SourceItem> {
  const entries = await entriesOf(root, below).catch((error: unknown) => ({ error }));
  if ('error' in entries) {
    yield faultOf(below === '' ? '.' : below, entries.error, 'The folder cannot be read: ');
    return;
  }
  if (entries.articles.length === 0) {
    for (const file of entries.files) yield* itemsOfUnused(root, path.posix.join(below, file), new MediaNames([]));
    for (const name of entries.folders) yield* articlesBelow(root, path.posix.join(below, name));
    return;
  }
  const inner: string[] = [];
  const media = await filesOf(path.join(root, below), '', entries, (name) => inner.push(path.posix.join(below, name)));
  const names = new MediaNames(media.map((file) => path.posix.join(below, file)));
  for (const article of entries.articles) yield* articleIn(root, path.posix.join(below, article), names);
  for (const file of names.unused()) yield* itemsOfUnused(root, file, names);
  for (const folder of inner) yield* articlesBelow(root, folder);
}

/** A file that no figure names may be an archive with an article. */
async function* itemsOfUnused(root: string, file: string, names: MediaNames): AsyncGenerator<SourceItem> {
  if (isPackageName(file)) yield* readPackage(path.join(root, file), file);
  else yield leftOut(file, reasonForUnused(file, names));
}

async function* articleIn(root: string, file: string, names: MediaNames): AsyncGenerator<SourceItem> {
  const article = await readArticleFile(path.join(root, file)).catch((error: unknown) => ({ error }));
  if ('error' in article) {
    yield faultOf(file, article.error);
    return;
  }
  yield* articleItems(article, file, {
    names,
    sizeOf: (name) => sizeOfImage(root, name),
    read: (name) => readImageFile(root, name),
  });
}

/** Files of a folder and of those below it; `skip` is told of folders with articles, whose files are theirs. */
async function filesOf(
  root: string,
  below: string,
  entries: FolderEntries,
  skip?: (folder: string) => void,
): Promise<readonly string[]> {
  const files = entries.files.map((file) => path.posix.join(below, file));
  for (const name of entries.folders) {
    const folder = path.posix.join(below, name);
    const inner = await entriesOf(root, folder).catch(() => null);
    if (inner === null || inner.articles.length > 0) skip?.(folder);
    else files.push(...(await filesOf(root, folder, inner, skip)));
  }
  return files;
}

async function entriesOf(root: string, below: string): Promise<FolderEntries> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const [articles, files, folders]: [string[], string[], string[]] = [[], [], []];
  for (const entry of entries) {
    if (entry.isDirectory()) {
      if (foreignFolder(entry.name) === null) folders.push(entry.name);
    } else if (foreignFile(entry.name) === null && (await isPlainFile(root, below, entry))) {
      const isArticle = isXmlName(entry.name) && (await isArticleFile(path.join(root, below, entry.name)));
      (isArticle ? articles : files).push(entry.name);
    }
  }
  return { articles, files, folders };
}

/** A link to a folder is not followed: it may lead in a circle. */
async function isPlainFile(root: string, below: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(path.join(root, below, entry.name)).then(
    (target) => target.isFile(),
    () => false,
  );
}

/** Files that may hold an article, by their names. */
async function* candidatesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (foreignFolder(entry.name) === null) yield* candidatesBelow(file);
    } else if (isXmlName(entry.name) || isPackageName(entry.name)) yield file;
  }
}
