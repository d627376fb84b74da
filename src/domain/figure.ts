import type { ArticleId, FigureId, ImageHash, PanelId } from './ids.js';

/** A publication, as far as its figures need it. */
export interface Article {
  readonly id: ArticleId;
  readonly pmcid: string | null;
  readonly pmid: string | null;
  readonly doi: string | null;
  readonly title: string;
  readonly authors: readonly string[];
  readonly journal: string | null;
  readonly year: number | null;
  readonly license: string | null;
  readonly url: string | null;
  readonly retracted: boolean;
}

/** Pixels of the original image. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A rectangle of a figure with its part of the caption; the whole figure is panel 0. Panels are what is embedded. */
export interface Panel {
  readonly id: PanelId;
  readonly figureId: FigureId;
  readonly label: string | null;
  readonly caption: string | null;
  readonly box: Box;
}

export interface Figure {
  readonly id: FigureId;
  /** The record's own id in its source: the same record on the next run. */
  readonly sourceKey: string;
  readonly articleId: ArticleId | null;
  readonly label: string | null;
  /** Empty where the source gives none; then there is no caption vector. */
  readonly caption: string;
  /** The source's own description for readers who cannot see the image. */
  readonly alt: string | null;
  readonly credit: string | null;
  readonly license: string | null;
  readonly labels: readonly string[];
  /** Sentences of the article that mention the figure. */
  readonly mentions: readonly string[];
  readonly modality: string | null;
  readonly imageHash: ImageHash;
  readonly width: number;
  readonly height: number;
  readonly createdAt: Date;
}

/** One line ready to paste: title, label, authors, source, credit, licence. */
export function attributionOf(figure: Figure, article: Article | null): string {
  const parts = [
    article === null ? null : quoted(article.title),
    figure.label,
    article === null ? null : authorsInShort(article.authors),
    article?.journal ?? null,
    article?.year?.toString() ?? null,
    article?.doi ?? article?.url ?? null,
    figure.credit,
    figure.license ?? article?.license ?? 'licence unknown',
  ];
  return parts.filter((part): part is string => part !== null && part !== '').join(', ');
}

function quoted(title: string): string {
  return `“${title}”`;
}

function authorsInShort(authors: readonly string[]): string | null {
  const [first] = authors;
  if (first === undefined) return null;
  return authors.length > 2 ? `${first} et al.` : authors.join(' and ');
}
