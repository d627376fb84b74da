import type { Article, Figure, Panel } from '../../domain/figure.js';
import type { ArticleId, FigureId, ImageHash, PanelId } from '../../domain/ids.js';
import { readableText, readableTextOrNull } from '../../domain/readable-text.js';
import type { StoredHit } from '../../domain/stored-hit.js';
import { HitStore } from '../../ports/hit-store.js';
import type { Database } from './database.js';

type Columns<Names extends string> = Readonly<Record<Names, string | null>>;

interface Row extends Columns<
  | 'articleTitle'
  | 'authors'
  | 'journal'
  | 'articleLicense'
  | 'url'
  | 'pmcid'
  | 'pmid'
  | 'doi'
  | 'panelLabel'
  | 'panelCaption'
  | 'articleId'
  | 'label'
  | 'alt'
  | 'credit'
  | 'license'
  | 'modality'
  | 'pixelSpacing'
> {
  readonly panelId: PanelId;
  readonly panelX: number;
  readonly panelY: number;
  readonly panelWidth: number;
  readonly panelHeight: number;
  readonly id: FigureId;
  readonly source: string;
  readonly sourceKey: string;
  readonly caption: string;
  readonly labels: string;
  readonly mentions: string;
  readonly imageHash: ImageHash;
  readonly width: number;
  readonly height: number;
  readonly createdAt: number;
  readonly year: number | null;
  readonly retracted: number;
}

const statement = `SELECT panel.id AS panelId, panel.label AS panelLabel, panel.caption AS panelCaption,
    panel.x AS panelX, panel.y AS panelY, panel.width AS panelWidth, panel.height AS panelHeight,
    figure.id, figure.source, figure.source_key AS sourceKey, figure.article_id AS articleId, figure.label, figure.caption,
    figure.alt, figure.credit, figure.license, figure.labels, figure.mentions, figure.modality,
    figure.image_hash AS imageHash, figure.width, figure.height, figure.pixel_spacing AS pixelSpacing,
    figure.created_at AS createdAt, article.title AS articleTitle, article.authors, article.journal, article.year,
    article.license AS articleLicense, article.url, article.pmcid, article.pmid, article.doi, article.retracted
  FROM panel JOIN figure ON figure.id = panel.figure_id LEFT JOIN article ON article.id = figure.article_id
  WHERE panel.id IN (SELECT value FROM json_each(?))`;

/** Raw SQL: the entities of an ORM take longer to make than the statement takes. */
export class HitReader extends HitStore {
  constructor(private readonly database: Database) {
    super();
  }

  async read(panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, StoredHit>> {
    if (panels.length === 0) return new Map();
    const rows = await this.database.reader.query<Row[]>(statement, [JSON.stringify(panels)]);
    return new Map(
      rows.map((row) => [row.panelId, { panel: toPanel(row), figure: toFigure(row), article: toArticle(row) }]),
    );
  }
}

function toPanel({ panelId, id, panelLabel, panelCaption, panelX, panelY, panelWidth, panelHeight }: Row): Panel {
  return {
    id: panelId,
    figureId: id,
    label: panelLabel,
    caption: readableTextOrNull(panelCaption),
    box: { x: panelX, y: panelY, width: panelWidth, height: panelHeight },
  };
}

function toFigure(row: Row): Figure {
  const { id, source, sourceKey, label, credit, license, modality, imageHash, width, height } = row;
  return {
    ...{ id, source, sourceKey, label, credit, license, modality, imageHash, width, height },
    articleId: row.articleId as ArticleId | null,
    caption: readableText(row.caption),
    alt: readableTextOrNull(row.alt),
    labels: JSON.parse(row.labels) as string[],
    mentions: (JSON.parse(row.mentions) as string[]).map(readableText),
    pixelSpacing: row.pixelSpacing === null ? null : (JSON.parse(row.pixelSpacing) as [number, number]),
    createdAt: new Date(row.createdAt),
  };
}

function toArticle(row: Row): Article | null {
  if (row.articleId === null || row.articleTitle === null) return null;
  const { pmcid, pmid, doi, journal, year, url } = row;
  return {
    ...{ pmcid, pmid, doi, journal, year, url },
    id: row.articleId as ArticleId,
    title: readableText(row.articleTitle),
    authors: JSON.parse(row.authors ?? '[]') as string[],
    license: row.articleLicense,
    retracted: row.retracted === 1,
  };
}
