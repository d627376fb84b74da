import path from 'node:path';
import { messageOf } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { foreignFile, isImageName, otherFile } from '../file-name-kinds.js';
import { startsAs } from '../file-start.js';
import { sortedEntries } from '../folder-entries.js';
import { keyOf, treeEntries } from '../folder-tree.js';
import { faultItem, leftOutItem } from '../source-items.js';
import { linkedFile } from '../image-file.js';
import { isLibraryName, ReferenceLibrary } from './library/reference-library.js';
import { pdfItems } from './pdf-items.js';

/** What is looked at to say whether a folder holds PDFs. */
const maxLookedAt = 2000;
/** Some programs write a line before the mark of a PDF. */
const headBytes = 1024;

/** Figures of one PDF. A link that a person named is followed wherever it leads; the ids of the figures have the name of the link. */
export async function* readSinglePdf(file: string): AsyncGenerator<SourceItem> {
  const { dir, base } = path.parse(await linkedFile(file));
  yield* pdfItems({ root: dir, name: base, key: path.basename(file) }, () => null);
}

/**
 * Figures of all PDFs of a folder tree, in the order of their paths; whatever else lies there is told as left out. Files of
 * references in the folder itself (RIS, BibTeX, CSL-JSON) tell of the articles, as a library of Zotero exports them.
 */
export async function* readPdfFolder(root: string): AsyncGenerator<SourceItem> {
  const library = new ReferenceLibrary();
  const counts = new Map<string, number>();
  for (const entry of await sortedEntries(root)) {
    const { name } = entry;
    if (entry.isDirectory() || !isLibraryName(name) || foreignFile(name) !== null) continue;
    const count = await library.read(root, name).catch(messageOf);
    if (typeof count === 'string') yield faultItem(name, count, 'BAD_USER_INPUT');
    else if (count !== null) counts.set(name, count);
  }
  for await (const found of treeEntries(root)) {
    if (found.kind !== 'file') yield found;
    else if (isPdfName(found.name)) {
      const { name } = found;
      yield* pdfItems({ root, name, key: keyOf(name) }, (facts) => library.find(name, facts));
    } else if (!counts.has(found.name)) yield leftOutItem(keyOf(found.name), whyNoPdf(found.name));
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const rest = total - library.used;
  const [file] = counts.keys();
  if (file !== undefined && rest > 0) yield leftOutItem(file, `${rest} of ${total} references have no PDF here`);
}

function whyNoPdf(name: string): string {
  return isImageName(name) ? 'an image, but no PDF' : otherFile(name);
}

/** Whether a folder holds PDFs and no images; of large ones the first files are looked at. */
export async function holdsPdfs(root: string): Promise<boolean> {
  let [left, isFound] = [maxLookedAt, false];
  for await (const found of treeEntries(root)) {
    if (found.kind !== 'file') continue;
    if (isImageName(found.name)) return false;
    isFound ||= isPdfName(found.name) && (await isPdf(path.join(root, found.name)));
    if (--left === 0) break;
  }
  return isFound;
}

/** Number of PDFs, as a guess at the number of figures. */
export async function countPdfs(root: string): Promise<number> {
  let count = 0;
  for await (const found of treeEntries(root)) if (found.kind === 'file' && isPdfName(found.name)) count++;
  return count;
}

/** Whether a file begins as a PDF does; false for one that cannot be read. */
export function isPdf(file: string): Promise<boolean> {
  return startsAs(file, headBytes, (start) => Buffer.from(start).includes('%PDF-'));
}

function isPdfName(name: string): boolean {
  return /\.pdf$/i.test(name);
}
