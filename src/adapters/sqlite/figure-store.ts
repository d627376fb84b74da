import type { Figure, Panel } from '../../domain/figure.js';
import type { ArticleId, FigureId, ImageHash, PanelId } from '../../domain/ids.js';
import { FigureStore } from '../../ports/figure-store.js';
import type { Database } from './database.js';
import { figureColumns, panelColumns, readFigure, readPanel, type FigureRow, type PanelRow } from './figure-rows.js';

/** One query a method. */
export class SqliteFigureStore extends FigureStore {
  constructor(private readonly database: Database) {
    super();
  }

  async figure(id: string): Promise<Figure | null> {
    const [figure] = (await this.figuresByIds([id])).values();
    return figure ?? null;
  }

  async figuresByIds(ids: readonly string[]): Promise<ReadonlyMap<FigureId, Figure>> {
    const rows = await this.query<FigureRow>(
      `SELECT ${figureColumns} FROM figure WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.figureId, readFigure(row)]));
  }

  async panel(id: string): Promise<Panel | null> {
    const [panel] = (await this.panelsByIds([id])).values();
    return panel ?? null;
  }

  async panelsByIds(ids: readonly string[]): Promise<ReadonlyMap<PanelId, Panel>> {
    const rows = await this.query<PanelRow>(
      `SELECT ${panelColumns} FROM panel WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.panelId, readPanel(row)]));
  }

  async panelsOfFigures(ids: readonly string[]): Promise<readonly Panel[]> {
    const rows = await this.query<PanelRow>(
      `SELECT ${panelColumns} FROM panel WHERE figure_id IN (SELECT value FROM json_each(?)) ORDER BY ordinal`,
      [JSON.stringify(ids)],
    );
    return rows.map(readPanel);
  }

  async articlesOfFigures(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ArticleId>> {
    const rows = await this.query<{ id: FigureId; articleId: ArticleId }>(
      `SELECT id, article_id AS articleId FROM figure
       WHERE id IN (SELECT value FROM json_each(?)) AND article_id IS NOT NULL`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map(({ id, articleId }) => [id, articleId]));
  }

  async imageHashes(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ImageHash>> {
    const rows = await this.query<{ id: FigureId; hash: ImageHash }>(
      `SELECT id, image_hash AS hash FROM figure WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map(({ id, hash }) => [id, hash]));
  }

  async isImageUsed(hash: ImageHash): Promise<boolean> {
    return (await this.query('SELECT 1 FROM figure WHERE image_hash = ? LIMIT 1', [hash])).length > 0;
  }

  async sampleEvenly(count: number): Promise<readonly Figure[]> {
    const rows = await this.query<FigureRow>(
      `SELECT ${figureColumns} FROM figure
         JOIN (SELECT seq, ROW_NUMBER() OVER (ORDER BY seq) - 1 AS place, COUNT(*) OVER () AS total FROM figure)
           AS placed ON placed.seq = figure.seq
       WHERE place = 0 OR (place * ?1) / total > ((place - 1) * ?1) / total ORDER BY figure.seq`,
      [count],
    );
    return rows.map(readFigure);
  }

  private query<Row>(sql: string, values: readonly (string | number)[]): Promise<Row[]> {
    return this.database.reader.query<Row[]>(sql, [...values]);
  }
}
