import path from 'node:path';
import type { MediaNames } from './media-names.js';
import type { JatsArticle } from './read-article.js';

/** A folder of one version of an article, as the article datasets of PubMed Central name it: `PMC8253867.2`. */
const versionName = /^(PMC\d+)\.(\d+)$/;

export function isVersionFolder(name: string): boolean {
  return versionName.test(name);
}

/** Whether a file tells of an article, and is read with it. */
export function isPmcMetadata(file: string): boolean {
  const { name, ext } = path.posix.parse(file);
  return ext === '.json' && versionName.test(name);
}

/** Whether a file is the text or the PDF of an article. */
export function isPmcForm(file: string): boolean {
  const { name, ext } = path.posix.parse(file);
  return (ext === '.txt' || ext === '.pdf') && versionName.test(name);
}

/** Versions of one article, the highest first; other folders are groups of one. */
export function groupVersions(folders: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const folder of folders) {
    const article = versionName.exec(folder)?.[1] ?? folder;
    groups.set(article, [...(groups.get(article) ?? []), folder]);
  }
  return [...groups.values()].map((versions) => versions.sort((a, b) => versionOf(b) - versionOf(a)));
}

function versionOf(folder: string): number {
  return Number(versionName.exec(folder)?.[2] ?? 0);
}

/**
 * The version of an article that is taken: the highest one whose pictures are all there, else the highest one.
 * @param versions the highest first
 */
export async function chooseVersion(
  versions: readonly string[],
  isComplete: (version: string) => Promise<boolean>,
): Promise<string | undefined> {
  if (versions.length === 1) return versions[0];
  for (const version of versions) if (await isComplete(version)) return version;
  return versions[0];
}

/** Whether there is a file for each picture that an article names. */
export function hasAllPictures({ figures }: JatsArticle, names: MediaNames, folder = ''): boolean {
  return figures.every(({ pictures }) => pictures.every((wanted) => names.find(wanted, folder) !== null));
}
