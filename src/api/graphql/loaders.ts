import DataLoader from 'dataloader';
import type { Collection } from '../../domain/collection.js';
import type { Article, Figure, Panel } from '../../domain/figure.js';
import type { ArticleId, CollectionId, FigureId, PanelId } from '../../domain/ids.js';
import type { CollectionRepository } from '../../store/repositories/collection.repository.js';
import type { FigureReader } from '../../store/repositories/figure-reader.js';
import type { SearchBudget } from './search-budget.js';

/** One query a kind for all figures, panels and articles of a request, however many fields ask for them. */
export class Loaders {
  readonly figure: DataLoader<string, Figure | null>;
  readonly panel: DataLoader<string, Panel | null>;
  readonly article: DataLoader<string, Article | null>;
  readonly panelsOfFigure: DataLoader<string, readonly Panel[]>;
  readonly collection: DataLoader<string, Collection | null>;
  readonly collectionsOfFigure: DataLoader<string, readonly Collection[]>;

  constructor(reader: FigureReader, collections: CollectionRepository) {
    this.figure = new DataLoader(async (ids) => {
      const found = await reader.figuresByIds(ids);
      return ids.map((id) => found.get(id as FigureId) ?? null);
    });
    this.panel = new DataLoader(async (ids) => {
      const found = await reader.panelsByIds(ids);
      return ids.map((id) => found.get(id as PanelId) ?? null);
    });
    this.article = new DataLoader(async (ids) => {
      const found = await reader.articlesByIds(ids);
      return ids.map((id) => found.get(id as ArticleId) ?? null);
    });
    this.panelsOfFigure = new DataLoader(async (ids) => {
      const found = await reader.panelsOfFigures(ids);
      return ids.map((id) => found.filter(({ figureId }) => figureId === id));
    });
    this.collection = new DataLoader(async (ids) => {
      const found = await collections.byIds(ids);
      return ids.map((id) => found.get(id as CollectionId) ?? null);
    });
    this.collectionsOfFigure = new DataLoader(async (ids) => {
      const found = await collections.ofFigures(ids);
      return ids.map((id) => found.get(id as FigureId) ?? []);
    });
  }

  /** Those that still exist, in the order of the ids. */
  async existingFigures(ids: readonly string[]): Promise<readonly Figure[]> {
    const figures = await Promise.all(ids.map((id) => this.figure.load(id)));
    return figures.filter((figure) => figure !== null);
  }
}

/** What the resolvers of one request share. */
export interface GraphContext {
  readonly loaders: Loaders;
  readonly budget: SearchBudget;
  /** Aborted when the client went away: what waits for its turn is given up. */
  readonly signal: AbortSignal;
}
