import type { FigureEdits } from '../../src/domain/figure-edit.js';
import type { Figure, Panel } from '../../src/domain/figure.js';
import type { ArticleId, FigureId, ImageHash, PanelId } from '../../src/domain/ids.js';
import { FigureStore } from '../../src/ports/figure-store.js';

/** A figure with what is stored beside it. */
export interface MemoryRecord {
  readonly figure: Figure;
  readonly panels: readonly Panel[];
  readonly recordHash: string;
  /** When a person corrected its panels. */
  readonly correctedAt: number | null;
  /** What people changed of it. */
  readonly edits: FigureEdits | null;
}

/** Figures with their panels in memory. */
export class MemoryFigureStore extends FigureStore {
  private readonly figures = new Map<string, Figure>();
  private readonly panels = new Map<string, Panel>();

  add(figure: Figure, panels: readonly Panel[]): void {
    for (const panel of this.panels.values()) if (panel.figureId === figure.id) this.panels.delete(panel.id);
    this.figures.set(figure.id, figure);
    for (const panel of panels) this.panels.set(panel.id, panel);
  }

  delete(id: string): void {
    this.figures.delete(id);
    for (const panel of this.panels.values()) if (panel.figureId === id) this.panels.delete(panel.id);
  }

  figure(id: string): Promise<Figure | null> {
    return Promise.resolve(this.figures.get(id) ?? null);
  }

  figuresByIds(ids: readonly string[]): Promise<ReadonlyMap<FigureId, Figure>> {
    return Promise.resolve(new Map(this.those(ids).map((figure) => [figure.id, figure])));
  }

  panel(id: string): Promise<Panel | null> {
    return Promise.resolve(this.panels.get(id) ?? null);
  }

  panelsByIds(ids: readonly string[]): Promise<ReadonlyMap<PanelId, Panel>> {
    const found = ids.flatMap((id) => this.panels.get(id) ?? []);
    return Promise.resolve(new Map(found.map((panel) => [panel.id, panel])));
  }

  panelsOfFigures(ids: readonly string[]): Promise<readonly Panel[]> {
    return Promise.resolve([...this.panels.values()].filter(({ figureId }) => ids.includes(figureId)));
  }

  articlesOfFigures(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ArticleId>> {
    return Promise.resolve(
      new Map(this.those(ids).flatMap(({ id, articleId }) => (articleId === null ? [] : [[id, articleId]]))),
    );
  }

  imageHashes(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ImageHash>> {
    return Promise.resolve(new Map(this.those(ids).map(({ id, imageHash }) => [id, imageHash])));
  }

  isImageUsed(hash: ImageHash): Promise<boolean> {
    return Promise.resolve([...this.figures.values()].some(({ imageHash }) => imageHash === hash));
  }

  sampleEvenly(count: number): Promise<readonly Figure[]> {
    const all = [...this.figures.values()];
    const share = (place: number) => Math.floor((place * count) / all.length);
    return Promise.resolve(all.filter((_, place) => place === 0 || share(place) > share(place - 1)));
  }

  private those(ids: readonly string[]): readonly Figure[] {
    return ids.flatMap((id) => this.figures.get(id) ?? []);
  }
}
