import { stat } from 'node:fs/promises';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { detectImageKind } from '../file-name-kinds.js';
import { readEntry, tarEntries } from '../tar-entries.js';
import { faultOf, leftOutItem } from '../source-items.js';
import { isXmlName, reasonForUnused } from './article-faults.js';
import { lookedAt, readArticleStream, startsArticle } from './article-file.js';
import { articleItems } from './article-items.js';
import { takeAllFigures, type FigureScreen } from './figure-screen.js';
import { MediaNames } from './media-names.js';
import type { PackageList } from './package-list.js';
import { withMetadata } from './pmc-metadata.js';
import type { JatsArticle } from './read-article.js';

/** A package of PubMed Central has one; archives of thousands have no pictures. */
const maxArticles = 1000;
/** Entries that are looked at to say whether there is an article: shards of data sets have tens of thousands. */
const maxLookedAt = 500;
/** Images that were read with the article, for the moment when their records are taken. */
const keptBytes = 64 * 1024 ** 2;

/** How a package is read. */
interface PackageReading {
  readonly screen?: FigureScreen;
  readonly list?: PackageList | null;
}

interface PackageContent {
  readonly articles: readonly { readonly name: string; readonly article: JatsArticle }[];
  /** Files that are no articles. */
  readonly files: readonly string[];
  readonly items: readonly SourceItem[];
}

/** Images of packages, by package and name. */
const images = new LRUCache<string, Uint8Array>({ maxSize: keptBytes, sizeCalculation: ({ length }) => length + 1 });

/**
 * Figures of the articles in a tar archive, as PubMed Central's `oa_package` has them: an article with its pictures in one
 * folder. Nothing is unpacked to the disk. What no figure names is told as left out; an archive that cannot be read is a fault.
 * @param name how the archive is called in the source
 */
export async function* readPackage(
  file: string,
  name: string,
  { screen = takeAllFigures, list = null }: PackageReading = {},
): AsyncGenerator<SourceItem> {
  const content = await readContent(file).catch((error: unknown) => ({ error }));
  if ('error' in content) {
    yield faultOf(name, content.error, 'The archive cannot be read: ');
    return;
  }
  const { articles, files, items } = content;
  if (articles.length === 0 && items.length === 0) {
    yield leftOutItem(name, 'an archive without an article; unpack it to have its images read');
    return;
  }
  for (const item of items)
    yield { ...item, ...('sourceKey' in item ? { sourceKey: `${name}/${item.sourceKey}` } : {}) };
  const names = new MediaNames(files);
  for (const one of articles) {
    const inPackage = {
      names,
      folder: path.posix.dirname(one.name),
      open: (image: string) => Promise.resolve({ size: 0, readImage: () => readImage(file, image) }),
    };
    const told = list?.of(file) ?? null;
    yield* articleItems(withMetadata(one.article, told), `${name}/${one.name}`, inPackage, screen);
  }
  for (const unused of names.unused()) yield leftOutItem(`${name}/${unused}`, reasonForUnused(unused, names));
}

/** Whether an archive holds an article, by its first files; false for one that cannot be read. */
export async function isArticlePackage(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false;
    let seen = 0;
    for await (const { header, stream } of tarEntries(file)) {
      if (isXmlName(header.name) && (await openText(stream)).isArticle) return true;
      if (++seen === maxLookedAt) return false;
    }
  } catch {
    // It is told what is wrong with it where it is read.
  }
  return false;
}

async function readContent(file: string): Promise<PackageContent> {
  const articles: { name: string; article: JatsArticle }[] = [];
  const [files, items]: [string[], SourceItem[]] = [[], []];
  for await (const entry of tarEntries(file)) {
    const { name, size, type } = entry.header;
    if (type !== 'file') {
      if (type !== 'directory') items.push(leftOutItem(name, `a ${type} in an archive, which is not followed`));
      continue;
    }
    const text = isXmlName(name) ? await openText(entry.stream) : null;
    if (text?.isArticle === true) {
      if (articles.length === maxArticles) throw tooMany();
      const article = await readArticleStream(text.chunks).catch((error: unknown) => ({ error }));
      if ('error' in article) items.push(faultOf(name, article.error));
      else articles.push({ name, article });
      continue;
    }
    files.push(name);
    if (detectImageKind(name) !== null && size < keptBytes) images.set(keyOf(file, name), await readEntry(entry));
  }
  return { articles, files, items };
}

async function readImage(file: string, name: string): Promise<Uint8Array> {
  const kept = images.get(keyOf(file, name));
  if (kept !== undefined) return kept;
  for await (const entry of tarEntries(file))
    if (entry.header.name === name && entry.header.type === 'file') return readEntry(entry);
  throw new FigseekError('BAD_USER_INPUT', `${path.basename(file)} has no ${name} any more`);
}

/** Looks at the beginning of a text; `chunks` gives all of it. */
async function openText(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ readonly isArticle: boolean; readonly chunks: AsyncIterable<Uint8Array> }> {
  const iterator = stream[Symbol.asyncIterator]();
  const start: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < lookedAt) {
    const next = await iterator.next();
    if (next.done === true) break;
    start.push(next.value);
    bytes += next.value.length;
  }
  const rest = { [Symbol.asyncIterator]: () => iterator };
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* start;
    yield* rest;
  }
  return { isArticle: startsArticle(Buffer.concat(start)), chunks: all() };
}

function keyOf(file: string, name: string): string {
  return `${file}\0${name}`;
}

function tooMany(): FigseekError {
  return new FigseekError('PAYLOAD_TOO_LARGE', `It has more than ${maxArticles} articles; unpack it`);
}
