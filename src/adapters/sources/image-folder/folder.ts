import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../domain/errors.js';
import { issuesInWords } from '../../../domain/issues.js';
import { recordSchema, type SourceItem } from '../../../domain/figure-record.js';
import { findUnknownKeys } from '../../../domain/record-keys.js';
import { foreignFile, foreignFolder, detectImageKind, otherFile } from '../file-name-kinds.js';
import { sortedEntries } from '../folder-entries.js';
import { keyOf } from '../folder-tree.js';
import type { TiffPage } from '../../../imaging/tiff/page-files.js';
import { maxFile, readImageFile, sizeOfImage } from '../image-file.js';
import { faultItem, leftOutItem } from '../source-items.js';
import { mayHavePages, pagesOfImage, readImagePage } from './image-pages.js';
import { readSidecars, SidecarNames, type Sidecars } from './sidecars.js';

/** Files of a folder that is left out are counted no further. */
const maxCounted = 100_000;

type RecordItem = Extract<SourceItem, { readonly kind: 'record' }>;

interface FoundImage {
  readonly kind: 'image';
  /** Path below the folder. */
  readonly name: string;
  readonly sidecars: Sidecars;
}

/**
 * Images of a folder tree. Beside `NAME.jpg` may lie `NAME.txt` (its caption) or `NAME.json` (fields of a record,
 * without `image`). The record's id is the path in the folder, unless the JSON gives one. Whatever else lies there is
 * named as left out: no file is passed over without a word.
 */
export async function* readFolder(folder: string): AsyncGenerator<SourceItem> {
  for await (const found of filesBelow(folder, '')) {
    if (found.kind === 'image') yield* itemsOf(folder, found);
    else yield found;
  }
}

/** Number of records that `readFolder` will give. */
export async function countImages(folder: string): Promise<number> {
  let count = 0;
  for await (const { kind } of filesBelow(folder, '')) if (kind !== 'left-out') count += 1;
  return count;
}

/** All that lies in a folder. A folder that cannot be read is a fault: the others are taken all the same. */
async function* filesBelow(folder: string, below: string): AsyncGenerator<FoundImage | SourceItem> {
  const entries = await sortedEntries(path.join(folder, below)).catch(messageOf);
  if (typeof entries === 'string') {
    yield fault(below === '' ? '.' : below, `The folder cannot be read: ${entries}`);
    return;
  }
  const sidecars = new SidecarNames(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  for (const entry of entries) {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) yield* folderBelow(folder, name, entry.name);
    else if (entry.isSymbolicLink()) yield* linkBelow(folder, name, sidecars);
    else yield* fileBelow(name, sidecars);
  }
}

async function* folderBelow(folder: string, name: string, ownName: string): AsyncGenerator<FoundImage | SourceItem> {
  const foreign = foreignFolder(ownName);
  if (foreign === null) yield* filesBelow(folder, name);
  else {
    const files = await countFiles(path.join(folder, name));
    yield leftOut(name, `${foreign}, with ${files > maxCounted ? `more than ${maxCounted}` : files} files`);
  }
}

/** A link to a folder is not followed: it may lead in a circle, or out of what was named as the source. */
async function* linkBelow(
  folder: string,
  name: string,
  sidecars: SidecarNames,
): AsyncGenerator<FoundImage | SourceItem> {
  const target = await stat(path.join(folder, name)).catch(messageOf);
  if (typeof target === 'string') yield fault(name, `It is a link to what cannot be read: ${target}`);
  else if (target.isDirectory()) {
    yield fault(
      name,
      'It is a link to a folder, and links to folders are not followed; give that folder as a source too',
    );
  } else yield* fileBelow(name, sidecars);
}

function* fileBelow(name: string, sidecars: SidecarNames): Generator<FoundImage | SourceItem> {
  const ownName = path.basename(name);
  const foreign = foreignFile(ownName);
  const kind = detectImageKind(ownName);
  if (foreign !== null) yield leftOut(name, foreign);
  else if (kind !== null && ownName.includes('\uFFFD')) yield fault(name, 'Its name is not UTF-8; rename it');
  else if (kind === 'image') yield { kind, name, sidecars: sidecars.of(ownName) };
  else if (kind !== null) {
    const advice = 'expected JPEG, PNG, TIFF, WebP, GIF or AVIF; export its images as one of these';
    yield fault(name, `It is a ${kind.instrument} file by its name; ${advice}`, 'UNSUPPORTED_MEDIA');
  } else if (/\.(?:txt|json)$/i.test(ownName)) {
    if (!sidecars.isUsed(ownName))
      yield leftOut(name, 'no image of this name lies beside it, or another file tells of it');
  } else yield leftOut(name, otherFile(ownName));
}

async function countFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let count = 0;
  for (const entry of entries) {
    count += entry.isDirectory() ? await countFiles(path.join(folder, entry.name)) : 1;
    if (count > maxCounted) break;
  }
  return count;
}

/** The figure of an image, then those of the further pages of a TIFF. */
async function* itemsOf(folder: string, found: FoundImage): AsyncGenerator<SourceItem> {
  const { name } = found;
  const item = await toItem(folder, found);
  if (item.kind !== 'record' || !mayHavePages(name)) {
    yield item;
    return;
  }
  const { count, others, isCut } = await pagesOfImage(folder, name);
  yield { ...item, mayHoldOthers: true, arePagesTold: count > 1 };
  if (isCut) yield fault(`${name}#pages`, `Its pages behind the first ${count} cannot be read: the file is damaged`);
  for (const page of others) yield toPageItem(folder, name, item, page);
  if (count > others.length + 1) {
    const reason = `pages of it: of ${count}, ${others.length + 1} are taken, evenly spread`;
    yield { kind: 'left-out', sourceKey: `${keyOf(name)}#pages`, reason };
  }
}

/** What lies beside the file holds for each page, but for panels: these are places in the first one. */
function toPageItem(folder: string, name: string, first: RecordItem, page: TiffPage): SourceItem {
  const { panels: _panels, ...record } = first.record;
  const id = `${record.id}#page=${page.number}`;
  const size = Math.min(first.size, maxFile);
  return { kind: 'record', record: { ...record, id }, size, readImage: () => readImagePage(folder, name, page) };
}

async function toItem(folder: string, { name, sidecars }: FoundImage): Promise<SourceItem> {
  const sourceKey = keyOf(name);
  const given = await readSidecars(path.join(folder, path.dirname(name)), sidecars).catch(messageOf);
  if (typeof given === 'string') return fault(name, `A file beside it cannot be taken: ${given}`);
  const parsed = recordSchema.safeParse({ id: sourceKey, ...given, image: sourceKey });
  if (!parsed.success) {
    const files = [sidecars.caption, sidecars.fields].filter((file) => file !== null).join(' or ');
    return fault(name, `A file beside it cannot be taken: ${files}: ${issuesInWords(parsed.error.issues)}`);
  }
  const size = await sizeOfImage(folder, name);
  // The image is the file itself.
  const unread = given['image'] === undefined ? [] : [{ key: 'image', meant: null }];
  const unknownKeys = [...findUnknownKeys(given), ...unread];
  return { kind: 'record', record: parsed.data, size, readImage: () => readImageFile(folder, name), unknownKeys };
}

function leftOut(name: string, reason: string): SourceItem {
  return leftOutItem(keyOf(name), reason);
}

function fault(name: string, message: string, code?: string): SourceItem {
  return faultItem(keyOf(name), message, code);
}
