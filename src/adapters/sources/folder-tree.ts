import path from 'node:path';
import { messageOf } from '../../domain/errors.js';
import type { SourceItem } from '../../domain/figure-record.js';
import { foreignFile, foreignFolder } from './file-name-kinds.js';
import { sortedEntries } from './folder-entries.js';
import { faultItem, leftOutItem } from './source-items.js';

/** A file of a folder tree by its path below the folder, or what is wrong with what lies there. */
export type TreeEntry = { readonly kind: 'file'; readonly name: string } | SourceItem;

/** All files below a folder, in a fixed order. Links are given as files; those to folders are not followed. */
export async function* treeEntries(root: string, below = ''): AsyncGenerator<TreeEntry> {
  const entries = await sortedEntries(path.join(root, below)).catch(messageOf);
  if (typeof entries === 'string') {
    yield faultItem(below === '' ? '.' : keyOf(below), `The folder cannot be read: ${entries}`);
    return;
  }
  for (const entry of entries) {
    const name = path.join(below, entry.name);
    const foreign = entry.isDirectory() ? foreignFolder(entry.name) : foreignFile(entry.name);
    if (foreign !== null) yield leftOutItem(keyOf(name), foreign);
    else if (entry.isDirectory()) yield* treeEntries(root, name);
    else yield { kind: 'file', name };
  }
}

/** How items name a file: with `/` on every system. */
export function keyOf(name: string): string {
  return name.split(path.sep).join('/');
}
