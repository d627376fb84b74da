import type { PanelId } from '../../domain/ids.js';
import type { StoredHit } from '../../domain/stored-hit.js';
import { HitStore } from '../../ports/hit-store.js';
import type { Database } from './database.js';
import {
  articleColumns,
  figureColumns,
  panelColumns,
  readArticle,
  readFigure,
  readPanel,
  type ArticleRow,
  type FigureRow,
  type PanelRow,
} from './figure-rows.js';

/** Columns of the article are null where the figure has none. */
type Row = FigureRow & PanelRow & (ArticleRow | { readonly ownArticleId: null });

const statement = `SELECT ${panelColumns}, ${figureColumns}, ${articleColumns}
  FROM panel JOIN figure ON figure.id = panel.figure_id LEFT JOIN article ON article.id = figure.article_id
  WHERE panel.id IN (SELECT value FROM json_each(?))`;

export class SqliteHitStore extends HitStore {
  constructor(private readonly database: Database) {
    super();
  }

  async read(panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, StoredHit>> {
    if (panels.length === 0) return new Map();
    const rows = await this.database.prepared.query<Row>(statement, [JSON.stringify(panels)]);
    return new Map(
      rows.map((row) => {
        const article = row.ownArticleId === null ? null : readArticle(row);
        return [row.panelId, { panel: readPanel(row), figure: readFigure(row), article }];
      }),
    );
  }
}
