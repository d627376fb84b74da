import type { Dirent } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { foreignFile, foreignFolder } from '../file-name-kinds.js';
import { sortedEntries } from '../folder-entries.js';
import { isXmlName } from './article-faults.js';
import { isArticleFile } from './article-file.js';
import { isTarName } from '../tar-entries.js';

/** A folder with what lies in it, sorted by name. */
export interface FolderEntries {
  readonly articles: readonly string[];
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Files of a folder and of those below it; `skip` is told of folders with articles, whose files are theirs. */
export async function listFiles(
  root: string,
  below: string,
  entries: FolderEntries,
  skip?: (folder: string) => void,
): Promise<readonly string[]> {
  const files = entries.files.map((file) => path.posix.join(below, file));
  for (const name of entries.folders) {
    const folder = path.posix.join(below, name);
    const inner = await listEntries(root, folder).catch(() => null);
    if (inner === null || inner.articles.length > 0) skip?.(folder);
    else files.push(...(await listFiles(root, folder, inner, skip)));
  }
  return files;
}

export async function listEntries(root: string, below: string): Promise<FolderEntries> {
  const entries = await sortedEntries(path.join(root, below));
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
export async function* candidatesBelow(folder: string): AsyncGenerator<string> {
  const entries = await sortedEntries(folder).catch(() => []);
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (foreignFolder(entry.name) === null) yield* candidatesBelow(file);
    } else if ((entry.isFile() || entry.isSymbolicLink()) && (isXmlName(entry.name) || isTarName(entry.name)))
      yield file;
  }
}
