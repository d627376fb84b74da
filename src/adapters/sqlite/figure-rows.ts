import type { Article } from '../../domain/article.js';
import type { Figure, Panel } from '../../domain/figure.js';
import type { PanelOrigin, PanelSuggestion } from '../../domain/found-panel.js';
import type { ValueRange } from '../../domain/value-range.js';
import type { ArticleId, FigureId, ImageHash, PanelId } from '../../domain/ids.js';
import { readableText, readableTextOrNull } from '../../domain/readable-text.js';

/*
 * Columns of figures, panels and articles under names that do not collide, so that one row can hold all three, and how they
 * are read. Raw SQL in place of an ORM's entities, which take longer to make than the statement takes. Texts are stored as
 * their source gives them and made readable here.
 */

export const figureColumns = `figure.id AS figureId, figure.source, figure.source_key AS sourceKey,
  figure.article_id AS articleId, figure.label, figure.caption, figure.alt, figure.credit, figure.license,
  figure.license_text AS licenseText, figure.labels, figure.mentions, figure.modality,
  figure.image_hash AS imageHash, figure.width, figure.height, figure.pixel_spacing AS pixelSpacing,
  figure.value_range AS valueRange,
  figure.panel_origin AS panelOrigin, figure.panel_suggestion AS panelSuggestion, figure.created_at AS createdAt`;

export const panelColumns = `panel.id AS panelId, panel.figure_id AS panelFigureId, panel.label AS panelLabel,
  panel.caption AS panelCaption, panel.x AS panelX, panel.y AS panelY, panel.width AS panelWidth,
  panel.height AS panelHeight`;

export const articleColumns = `article.id AS ownArticleId, article.title AS articleTitle, article.authors, article.journal,
  article.year, article.license AS articleLicense,
  article.license_text AS articleLicenseText, article.url, article.pmcid, article.pmid, article.doi,
  article.retracted`;

type Texts<Names extends string> = Readonly<Record<Names, string | null>>;

export interface FigureRow extends Texts<
  | 'label'
  | 'alt'
  | 'credit'
  | 'license'
  | 'licenseText'
  | 'modality'
  | 'pixelSpacing'
  | 'valueRange'
  | 'panelSuggestion'
> {
  readonly figureId: FigureId;
  readonly source: string;
  readonly sourceKey: string;
  readonly articleId: ArticleId | null;
  readonly caption: string;
  readonly panelOrigin: PanelOrigin | null;
  /** JSON, as `mentions`, `pixelSpacing`, `valueRange` and `panelSuggestion` */
  readonly labels: string;
  readonly mentions: string;
  readonly imageHash: ImageHash;
  readonly width: number;
  readonly height: number;
  readonly createdAt: number;
}

export interface PanelRow extends Texts<'panelLabel' | 'panelCaption'> {
  readonly panelId: PanelId;
  readonly panelFigureId: FigureId;
  readonly panelX: number;
  readonly panelY: number;
  readonly panelWidth: number;
  readonly panelHeight: number;
}

export interface ArticleRow extends Texts<
  'journal' | 'articleLicense' | 'articleLicenseText' | 'url' | 'pmcid' | 'pmid' | 'doi'
> {
  readonly ownArticleId: ArticleId;
  readonly articleTitle: string;
  /** JSON */
  readonly authors: string;
  readonly year: number | null;
  readonly retracted: number;
}

export function readFigure(row: FigureRow): Figure {
  const { figureId, source, sourceKey, articleId, label, credit, license, modality, imageHash, width, height } = row;
  return {
    ...{ id: figureId, source, sourceKey, articleId, label, credit, license, modality, imageHash, width, height },
    caption: readableText(row.caption),
    alt: readableTextOrNull(row.alt),
    licenseText: readableTextOrNull(row.licenseText),
    labels: JSON.parse(row.labels) as string[],
    mentions: (JSON.parse(row.mentions) as string[]).map(readableText),
    pixelSpacing: row.pixelSpacing === null ? null : (JSON.parse(row.pixelSpacing) as [number, number]),
    valueRange: row.valueRange === null ? null : (JSON.parse(row.valueRange) as ValueRange),
    panelOrigin: row.panelOrigin,
    panelSuggestion: row.panelSuggestion === null ? null : (JSON.parse(row.panelSuggestion) as PanelSuggestion),
    createdAt: new Date(row.createdAt),
  };
}

export function readPanel(row: PanelRow): Panel {
  const { panelId, panelFigureId, panelLabel, panelX, panelY, panelWidth, panelHeight } = row;
  return {
    id: panelId,
    figureId: panelFigureId,
    label: panelLabel,
    caption: readableTextOrNull(row.panelCaption),
    box: { x: panelX, y: panelY, width: panelWidth, height: panelHeight },
  };
}

export function readArticle(row: ArticleRow): Article {
  const { ownArticleId, journal, year, url, pmcid, pmid, doi } = row;
  return {
    ...{ id: ownArticleId, journal, year, url, pmcid, pmid, doi },
    title: readableText(row.articleTitle),
    authors: JSON.parse(row.authors) as string[],
    license: row.articleLicense,
    licenseText: readableTextOrNull(row.articleLicenseText),
    retracted: row.retracted === 1,
  };
}
