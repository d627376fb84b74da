import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';

/** What lies in a folder, in a fixed order: the same folder gives the same run on every machine. */
export async function sortedEntries(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
