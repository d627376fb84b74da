import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { extract, type Extract, type Header } from 'tar-stream';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { detectImageKind } from '../file-name-kinds.js';
import { faultOf, isXmlName, leftOut, reasonForUnused } from './article-faults.js';
import { lookedAt, readArticleStream, startsArticle } from './article-file.js';
import { articleItems } from './article-items.js';
import { MediaNames } from './media-names.js';
import type { JatsArticle } from './read-article.js';

/** A package of PubMed Central has one article with some ten files. */
const limits = {
  entries: 100_000,
  articles: 1000,
  bytes: 16 * 1024 ** 3,
  image: 512 * 1024 ** 2,
  names: 16 * 1024 ** 2,
};
/** Images that were read with the article, for the moment when their records are taken. */
const keptBytes = 64 * 1024 ** 2;

interface PackageContent {
  readonly articles: readonly { readonly name: string; readonly article: JatsArticle }[];
  /** Files that are no articles. */
  readonly files: readonly string[];
  readonly items: readonly SourceItem[];
}

/** Images of packages, by package and name. */
const images = new LRUCache<string, Uint8Array>({ maxSize: keptBytes, sizeCalculation: ({ length }) => length + 1 });

export function isPackageName(name: string): boolean {
  return /\.(?:tar\.gz|tgz|tar)$/i.test(name);
}

/**
 * Figures of the articles in a tar archive, as PubMed Central's `oa_package` has them: an article with its pictures in one
 * folder. Nothing is unpacked to the disk. What no figure names is told as left out; an archive that cannot be read is a fault.
 * @param name how the archive is called in the source
 */
export async function* readPackage(file: string, name: string): AsyncGenerator<SourceItem> {
  const content = await readContent(file).catch((error: unknown) => ({ error }));
  if ('error' in content) {
    yield faultOf(name, content.error, 'The archive cannot be read: ');
    return;
  }
  const { articles, files, items } = content;
  if (articles.length === 0 && items.length === 0) {
    yield leftOut(name, 'an archive without an article; unpack it to have its images read');
    return;
  }
  for (const item of items)
    yield { ...item, ...('sourceKey' in item ? { sourceKey: `${name}/${item.sourceKey}` } : {}) };
  const names = new MediaNames(files);
  for (const one of articles) {
    yield* articleItems(one.article, `${name}/${one.name}`, {
      names,
      sizeOf: () => Promise.resolve(0),
      read: (image) => readImage(file, image),
    });
  }
  for (const unused of names.unused()) yield leftOut(`${name}/${unused}`, reasonForUnused(unused, names));
}

/** Whether an archive holds an article; false for one that cannot be read. */
export async function isArticlePackage(file: string): Promise<boolean> {
  let isFound = false;
  await visitEntries(file, async ({ header, stream }) => {
    isFound = isXmlName(header.name) && (await openText(stream)).isArticle;
    return isFound ? 'end' : 'next';
  }).catch(() => undefined);
  return isFound;
}

async function readContent(file: string): Promise<PackageContent> {
  const articles: { name: string; article: JatsArticle }[] = [];
  const [files, items]: [string[], SourceItem[]] = [[], []];
  await visitEntries(file, async ({ header: { name, size, type }, stream }) => {
    if (type !== 'file') {
      if (type !== 'directory') items.push(leftOut(name, `a ${type} in an archive, which is not followed`));
    } else if (isXmlName(name)) {
      if (articles.length === limits.articles) throw tooLarge(`more than ${limits.articles} articles; unpack it`);
      const text = await openText(stream);
      if (!text.isArticle) files.push(name);
      else {
        const article = await readArticleStream(text.chunks).catch((error: unknown) => ({ error }));
        if ('error' in article) items.push(faultOf(name, article.error));
        else articles.push({ name, article });
      }
    } else {
      files.push(name);
      if (detectImageKind(name) !== null && size < keptBytes) images.set(keyOf(file, name), await bytesOf(stream));
    }
    return 'next';
  });
  return { articles, files, items };
}

async function readImage(file: string, name: string): Promise<Uint8Array> {
  const kept = images.get(keyOf(file, name));
  if (kept !== undefined) return kept;
  const found: { bytes: Uint8Array | null } = { bytes: null };
  await visitEntries(file, async ({ header, stream }) => {
    if (header.name !== name || header.type !== 'file') return 'next';
    if (header.size > limits.image) throw tooLarge(`an image ${name} of ${header.size} bytes`);
    found.bytes = await bytesOf(stream);
    return 'end';
  });
  if (found.bytes === null) throw new FigseekError('BAD_USER_INPUT', `${path.basename(file)} has no ${name} any more`);
  return found.bytes;
}

interface Entry {
  readonly header: Pick<Header, 'name' | 'size' | 'type'>;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** @param visit tells whether to go on; what it leaves of an entry is passed over */
async function visitEntries(file: string, visit: (entry: Entry) => Promise<'next' | 'end'>): Promise<void> {
  const entries = extract();
  const seen = { entries: 0, bytes: 0 };
  const ended = new AbortController();
  const end = entries as unknown as NodeJS.WritableStream;
  const { signal } = ended;
  const fed = file.toLowerCase().endsWith('.tar')
    ? pipeline(createReadStream(file), end, { signal })
    : pipeline(createReadStream(file), createGunzip(), end, { signal });
  // It fails where the archive is damaged, which the entries tell too.
  fed.catch(() => undefined);
  try {
    for await (const { header, stream } of headersOf(entries)) {
      seen.bytes += header.size;
      if (++seen.entries > limits.entries) throw tooLarge(`more than ${limits.entries} files`);
      if (seen.bytes > limits.bytes) throw tooLarge(`more than ${limits.bytes} bytes`);
      if ((await visit({ header, stream })) === 'end') return;
    }
    await fed;
  } finally {
    ended.abort();
  }
}

async function* headersOf(entries: Extract): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    yield { header: entry.header, stream: entry as AsyncIterable<Uint8Array> };
    entry.resume();
  }
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

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function keyOf(file: string, name: string): string {
  return `${file}\0${name}`;
}

function tooLarge(what: string): FigseekError {
  return new FigseekError('PAYLOAD_TOO_LARGE', `It has ${what}`);
}
