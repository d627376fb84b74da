import path from 'node:path';
import type { SourceItem } from '../../../domain/figure-record.js';
import { isImageName, otherFile } from '../file-name-kinds.js';
import { startsAs } from '../file-start.js';
import { keyOf, leftOutItem, treeEntries } from '../folder-tree.js';
import { pdfItems } from './pdf-items.js';

/** What is looked at to say whether a folder holds PDFs. */
const maxLookedAt = 2000;
/** Some programs write a line before the mark of a PDF. */
const headBytes = 1024;

/** Figures of one PDF. */
export function readSinglePdf(file: string): AsyncGenerator<SourceItem> {
  const { dir, base } = path.parse(path.resolve(file));
  return pdfItems(dir, base, () => null);
}

/** Figures of all PDFs of a folder tree, in the order of their paths; whatever else lies there is told as left out. */
export async function* readPdfFolder(root: string): AsyncGenerator<SourceItem> {
  for await (const found of treeEntries(root)) {
    if (found.kind !== 'file') yield found;
    else if (isPdfName(found.name)) yield* pdfItems(root, found.name, () => null);
    else yield leftOutItem(keyOf(found.name), isImageName(found.name) ? 'an image, but no PDF' : otherFile(found.name));
  }
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
