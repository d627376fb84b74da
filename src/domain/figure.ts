import { normalizeDoi } from './article-ids.js';
import type { Article } from './article.js';
import type { Box } from './box.js';
import type { ValueRange } from './value-range.js';
import type { PanelOrigin, PanelSuggestion } from './found-panel.js';
import type { ArticleId, FigureId, ImageHash, PanelId } from './ids.js';

export type { Box } from './box.js';

/** A rectangle of a figure with its part of the caption; the whole figure is panel 0. Panels are what is embedded. */
export interface Panel {
  readonly id: PanelId;
  readonly figureId: FigureId;
  readonly label: string | null;
  readonly caption: string | null;
  readonly box: Box;
}

/** Millimeters between the middles of two rows, then of two columns, as DICOM's Pixel Spacing (0028,0030). */
export type PixelSpacing = readonly [rows: number, columns: number];

export interface Figure {
  readonly id: FigureId;
  /** Name of the source that the record belongs to; empty where it is older than sources and nobody could tell. */
  readonly source: string;
  /** The record's own id in its source: the same record on the next run. */
  readonly sourceKey: string;
  readonly articleId: ArticleId | null;
  readonly label: string | null;
  /** Empty where the source gives none; then there is no caption vector. */
  readonly caption: string;
  /** The source's own description for readers who cannot see the image. */
  readonly alt: string | null;
  readonly credit: string | null;
  /** Null where the figure has that of its article. */
  readonly license: string | null;
  /** The figure's own license in the publisher's words. */
  readonly licenseText: string | null;
  readonly labels: readonly string[];
  /** Sentences of the article that mention the figure. */
  readonly mentions: readonly string[];
  readonly modality: string | null;
  readonly imageHash: ImageHash;
  readonly width: number;
  readonly height: number;
  /** Of the image as it is shown, after its orientation; null where nobody said. */
  readonly pixelSpacing: PixelSpacing | null;
  /** Values of the original that are black and white in what is shown and embedded; null where its numbers are 8-bit. */
  readonly valueRange: ValueRange | null;
  /** Who said which panels it has; null where it has none beside the whole, or where nobody kept it. */
  readonly panelOrigin: PanelOrigin | null;
  readonly panelSuggestion: PanelSuggestion | null;
  readonly createdAt: Date;
}

/** @returns square millimeters; null where the spacing is not known */
export function computeAreaMm2(pixels: number, spacing: PixelSpacing | null): number | null {
  return spacing === null ? null : pixels * spacing[0] * spacing[1];
}

/** One line ready to paste: title, label, authors, source, credit, license. */
export function formatAttribution(figure: Figure, article: Article | null): string {
  const parts = [
    article === null ? null : quoted(article.title),
    figure.label,
    article === null ? null : authorsInShort(article.authors),
    article?.journal ?? null,
    article?.year?.toString() ?? null,
    article?.doi ?? article?.url ?? null,
    figure.credit,
    figure.license ?? article?.license ?? 'license unknown',
  ];
  return parts.filter((part): part is string => part !== null && part !== '').join(', ');
}

/**
 * A link to the figure in its article. Where the source gives no address of the figure itself, a text fragment takes the
 * browser to the figure's label (W3C/WICG “URL Fragment Text Directives”); one that does not know them opens the article.
 * @returns null where the article has no web address
 */
export function buildSourceUrl({ label }: Pick<Figure, 'label'>, article: Article | null): string | null {
  const page = article && pageOfArticle(article);
  if (page === null || label === null || page.includes('#')) return page;
  // A hyphen has a meaning of its own in a text directive.
  return `${page}#:~:text=${encodeURIComponent(label).replaceAll('-', '%2D')}`;
}

function pageOfArticle({ url, pmcid, doi, pmid }: Article): string | null {
  // Somebody's data: only web addresses become links.
  if (url !== null && /^https?:\/\//i.test(url)) return url;
  if (pmcid !== null) return `https://pmc.ncbi.nlm.nih.gov/articles/${encodeURIComponent(pmcid)}/`;
  if (doi !== null) return `https://doi.org/${normalizeDoi(doi)}`;
  return pmid === null ? null : `https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(pmid)}/`;
}

function quoted(title: string): string {
  return `“${title}”`;
}

function authorsInShort(authors: readonly string[]): string | null {
  const [first] = authors;
  if (first === undefined) return null;
  return authors.length > 2 ? `${first} et al.` : authors.join(' and ');
}
