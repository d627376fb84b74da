import { opendir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Files that are looked at one by one; the rest of a larger folder is estimated. */
const defaultMaxFiles = 20_000;

/** Bytes of the files below a folder. */
export interface FolderSize {
  readonly bytes: number;
  /** Whether only a part of the files was looked at. */
  readonly isEstimate: boolean;
}

/**
 * The bytes of all files below a folder; 0 for one that is not there. Of a folder with very many files some of its subfolders are
 * measured and stand for the others: files that are spread by their hashes, as images are, are spread evenly.
 * @param options `below`: false: only the files in the folder itself; `maxFiles`: after so many, the other subfolders are estimated
 */
export async function folderSize(
  folder: string,
  { below = true, maxFiles = defaultMaxFiles } = {},
): Promise<FolderSize> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = below ? entries.filter((entry) => entry.isDirectory()) : [];
  const subfolders = folders.map(({ name }) => path.join(folder, name));
  const own = await bytesOf(entries.filter((entry) => entry.isFile()).map(({ name }) => path.join(folder, name)));
  let [bytes, files, measured] = [0, 0, 0];
  for (const subfolder of subfolders) {
    if (files >= maxFiles) break;
    const found = await filesBelow(subfolder);
    bytes += await bytesOf(found);
    files += found.length;
    measured += 1;
  }
  const share = measured === 0 ? 1 : subfolders.length / measured;
  return { bytes: own + Math.round(bytes * share), isEstimate: measured < subfolders.length };
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  // A folder that goes away meanwhile has no files.
  const opened = await opendir(folder, { recursive: true }).catch(() => null);
  if (opened === null) return found;
  for await (const entry of opened) if (entry.isFile()) found.push(path.join(entry.parentPath, entry.name));
  return found;
}

async function bytesOf(files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(file).catch(() => null))?.size ?? 0;
  return bytes;
}
