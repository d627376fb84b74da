import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { detectImageKind, foreignFile, foreignFolder, otherFile } from '../file-name-kinds.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { isArticleFile, readArticleFile } from './article-file.js';
import { articleItems } from './article-items.js';
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
  for await (const file of xmlFilesBelow(folder)) {
    if (await isArticleFile(file)) return true;
    if (--left === 0) return false;
  }
  return false;
}

/** About how many figures the articles have: those of the first articles stand for all. */
export async function countFigures(folder: string): Promise<number> {
  let [articles, figures] = [0, 0];
  for await (const file of xmlFilesBelow(folder)) {
    articles++;
    if (articles > countedArticles) continue;
    const article = await readArticleFile(file).catch(() => null);
    figures += article?.figures.length ?? 0;
  }
  return Math.round((figures * articles) / Math.max(1, Math.min(articles, countedArticles)));
}

async function* articlesBelow(root: string, below: string): AsyncGenerator<SourceItem> {
  const entries = await entriesOf(root, below).catch(messageOf);
  if (typeof entries === 'string') {
    yield fault(below === '' ? '.' : below, 'BAD_RECORD', `The folder cannot be read: ${entries}`);
    return;
  }
  if (entries.articles.length === 0) {
    for (const file of entries.files) yield leftOut(path.posix.join(below, file), 'no article refers to it');
    for (const name of entries.folders) yield* articlesBelow(root, path.posix.join(below, name));
    return;
  }
  const inner: string[] = [];
  const media = await filesOf(path.join(root, below), '', entries, (name) => inner.push(path.posix.join(below, name)));
  const names = new MediaNames(media.map((file) => path.posix.join(below, file)));
  for (const article of entries.articles) yield* articleIn(root, path.posix.join(below, article), names);
  for (const file of names.unused()) yield leftOut(file, reasonFor(file, names));
  for (const folder of inner) yield* articlesBelow(root, folder);
}

async function* articleIn(root: string, file: string, names: MediaNames): AsyncGenerator<SourceItem> {
  const article = await readArticleFile(path.join(root, file)).catch((error: unknown) => error);
  if (article instanceof Error) {
    yield fault(file, article instanceof FigseekError ? article.code : 'BAD_RECORD', messageOf(article));
    return;
  }
  yield* articleItems(article as Awaited<ReturnType<typeof readArticleFile>>, file, {
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
      const isArticle = isXml(entry.name) && (await isArticleFile(path.join(root, below, entry.name)));
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

async function* xmlFilesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (foreignFolder(entry.name) === null) yield* xmlFilesBelow(file);
    } else if (isXml(entry.name)) yield file;
  }
}

function isXml(name: string): boolean {
  return /\.(?:xml|nxml)$/i.test(name);
}

function reasonFor(file: string, names: MediaNames): string {
  if (detectImageKind(file) === null) return otherFile(file);
  return names.isFurtherForm(file) ? 'a further form of a picture that was taken' : 'no figure of an article names it';
}

function leftOut(sourceKey: string, reason: string): SourceItem {
  return { kind: 'left-out', sourceKey, reason };
}

function fault(sourceKey: string, code: string, message: string): SourceItem {
  return { kind: 'fault', sourceKey, code, message };
}
