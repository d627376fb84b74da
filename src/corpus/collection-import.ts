import { unknownCollection, type Collection } from '../domain/collection.js';
import { FigseekError } from '../domain/errors.js';
import type { ArticleReference } from '../domain/article.js';
import type { FigureId } from '../domain/ids.js';
import type { Viewer } from '../domain/viewer.js';
import type { ArticleStore } from '../ports/article-store.js';
import type { CollectionStore } from '../ports/collection-store.js';
import type { FigureStore } from '../ports/figure-store.js';

const maxLines = 1000;
/** As many as one change of a collection takes. */
const maxFigures = 1000;

/** What became of a list of ids. */
export interface ImportReport {
  readonly collection: Collection;
  /** Figures that came in, and those of the list that were members before. */
  readonly added: number;
  readonly present: number;
  /** Lines that name nothing in the corpus, as they were given, and articles that have no figure in it. */
  readonly unknown: readonly string[];
}

/** Adds figures to a collection from a list that people wrote or another program made. */
export class CollectionImport {
  constructor(
    private readonly collections: Pick<CollectionStore, 'byIds' | 'add'>,
    private readonly figures: Pick<FigureStore, 'figuresByIds'>,
    private readonly articles: Pick<ArticleStore, 'article' | 'figuresOfArticle'>,
  ) {}

  /**
   * @param text ids of figures, DOIs, PMC ids and `PMID:` with a number, one a line, at most 1000; an article stands for all of its
   *   figures. Empty lines, and those that begin with #, are passed over
   * @throws {FigseekError} NOT_FOUND for an absent collection; BAD_USER_INPUT for more than 1000 lines or figures; nothing is added then
   */
  async run(_viewer: Viewer, collectionId: string, text: string): Promise<ImportReport> {
    const before = await this.find(collectionId);
    const lines = linesOf(text);
    const stored = await this.figures.figuresByIds(lines);
    const found = new Set<FigureId>();
    const unknown: string[] = [];
    for (const line of lines) {
      const figures = stored.has(line as FigureId) ? [line as FigureId] : await this.figuresOf(line);
      if (figures.length === 0) unknown.push(line);
      for (const id of figures) found.add(id);
    }
    if (found.size > maxFigures) {
      throw badInput(`Expected at most ${maxFigures} figures but the list names ${found.size}: give it in parts`);
    }
    const collection = found.size === 0 ? before : await this.collections.add(before.id, [...found], null);
    const added = collection.size - before.size;
    return { collection, added, present: found.size - added, unknown };
  }

  private async figuresOf(line: string): Promise<readonly FigureId[]> {
    const reference = articleReference(line);
    const article = reference === null ? null : await this.articles.article(reference);
    if (article === null) return [];
    const figures = await this.articles.figuresOfArticle(article.id, maxFigures + 1, null);
    return (figures ?? []).map(({ id }) => id);
  }

  private async find(id: string): Promise<Collection> {
    const [collection] = (await this.collections.byIds([id])).values();
    if (collection === undefined) throw unknownCollection(id);
    return collection;
  }
}

/** Each line once. @throws {FigseekError} BAD_USER_INPUT */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n|\r/).map((line) => line.replace(/^\ufeff/, '').trim());
  const named = [...new Set(lines.filter((line) => line !== '' && !line.startsWith('#')))];
  if (named.length <= maxLines) return named;
  throw badInput(`Expected at most ${maxLines} lines but received ${named.length}: give them in parts`);
}

/** Null where a line is written like the id of no article. */
function articleReference(line: string): ArticleReference | null {
  const none = { id: null, pmcid: null, pmid: null, doi: null };
  if (/^art_[0-9a-f]+$/.test(line)) return { ...none, id: line };
  if (/\b10\.\d{4,9}\//.test(line)) return { ...none, doi: line };
  if (/^(?:PMCID:?\s*)?PMC\s*\d+(?:\.\d+)?$/i.test(line) || /\/articles\/PMC\d+/i.test(line))
    return { ...none, pmcid: line };
  return /^PMID:?\s*\d+$/i.test(line) || /pubmed\.ncbi/i.test(line) ? { ...none, pmid: line } : null;
}

function badInput(message: string): FigseekError {
  return new FigseekError('BAD_USER_INPUT', message);
}
