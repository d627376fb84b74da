import type { Article } from '../../domain/article.js';
import type { CollectionItem } from '../../domain/collection.js';
import { formatAttribution, type Figure, type Panel } from '../../domain/figure.js';
import type { CollectionStore } from '../../ports/collection-store.js';
import type { ArticleStore } from '../../ports/article-store.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { FigureStore } from '../../ports/figure-store.js';
import type { MaskStore } from '../../ports/mask-store.js';
import { imageExtension } from './image-extension.js';

/** A member of a collection with all that is exported of it. */
export interface ExportedFigure {
  readonly item: CollectionItem;
  readonly figure: Figure;
  readonly article: Article | null;
  /** The whole figure first. */
  readonly panels: readonly Panel[];
  /** Of the image within an export: a relative path, each once; null where the image file is missing. */
  readonly file: string | null;
  readonly attribution: string;
}

/** What an export reads. */
export interface ExportStores {
  readonly collections: Pick<CollectionStore, 'byIds' | 'items'>;
  readonly figures: Pick<FigureStore, 'figuresByIds' | 'panelsOfFigures'>;
  readonly articles: Pick<ArticleStore, 'articlesByIds'>;
  readonly masks: Pick<MaskStore, 'ofImages' | 'runLengths'>;
  readonly blobs: Pick<BlobStore, 'start' | 'get'>;
}

const pageSize = 200;
/** Enough to tell the kinds of image files. */
const startLength = 16;

/** The members of a collection in their order, a page in memory at a time. */
export async function* exportedPages(
  stores: ExportStores,
  collectionId: string,
): AsyncGenerator<readonly ExportedFigure[]> {
  let number = 0;
  for (let after = 0; ;) {
    const page = await stores.collections.items(collectionId, after, pageSize);
    const read = await readPage(stores, page.items);
    yield await Promise.all(
      read.map(async (one) => ({ ...one, file: await fileName(stores.blobs, one.figure, (number += 1)) })),
    );
    after = page.items.at(-1)?.seq ?? after;
    if (!page.hasNextPage) return;
  }
}

/** Without figures that are deleted while they are read. */
async function readPage(
  { figures, articles }: ExportStores,
  items: readonly CollectionItem[],
): Promise<readonly Omit<ExportedFigure, 'file'>[]> {
  const ids = items.map(({ figureId }) => figureId);
  const [found, panels] = await Promise.all([figures.figuresByIds(ids), figures.panelsOfFigures(ids)]);
  const known = await articles.articlesByIds([...found.values()].flatMap(({ articleId }) => articleId ?? []));
  return items.flatMap((item) => {
    const figure = found.get(item.figureId);
    if (figure === undefined) return [];
    const article = figure.articleId === null ? null : (known.get(figure.articleId) ?? null);
    const own = panels.filter(({ figureId }) => figureId === figure.id);
    return [{ item, figure, article, panels: own, attribution: formatAttribution(figure, article) }];
  });
}

/** A number tells files apart; the key of the record is for people. */
async function fileName(
  blobs: Pick<BlobStore, 'start'>,
  { imageHash, sourceKey }: Figure,
  number: number,
): Promise<string | null> {
  const start = await blobs.start(imageHash, startLength);
  if (start === null) return null;
  const stem = safeName(sourceKey.replace(/^.*[/\\]/, '').replace(/\.\w{1,5}$/, ''));
  return `images/${String(number).padStart(5, '0')}${stem === '' ? '' : `-${stem}`}.${imageExtension(start)}`;
}

/** Letters, digits, `-` and `_`, at most 60: a name that every file system takes, and that leaves no folder. */
export function safeName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}
