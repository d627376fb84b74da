import type { Figure, Panel } from '../domain/figure.js';
import type { ArticleId, FigureId, ImageHash, PanelId } from '../domain/ids.js';

/** Figures and their panels, by ids. Those that do not exist are left out. */
export abstract class FigureStore {
  abstract figure(id: string): Promise<Figure | null>;

  abstract figuresByIds(ids: readonly string[]): Promise<ReadonlyMap<FigureId, Figure>>;

  abstract panel(id: string): Promise<Panel | null>;

  abstract panelsByIds(ids: readonly string[]): Promise<ReadonlyMap<PanelId, Panel>>;

  /** Panels of the figures, the whole figure before its parts. */
  abstract panelsOfFigures(ids: readonly string[]): Promise<readonly Panel[]>;

  /** The article of each figure that has one. */
  abstract articlesOfFigures(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ArticleId>>;

  abstract imageHashes(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ImageHash>>;

  /** Whether a figure has this image. */
  abstract isImageUsed(hash: ImageHash): Promise<boolean>;

  /** At most `count` figures at even distances in the order of their numbers: the same ones each time. */
  abstract sampleEvenly(count: number): Promise<readonly Figure[]>;
}
