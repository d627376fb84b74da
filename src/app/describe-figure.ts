import type { Article } from '../domain/article.js';
import { formatAttribution, type Figure } from '../domain/figure.js';

/** What a person needs to know of a figure in a list. */
export function describeFigure(figure: Figure, article: Article | null) {
  const { sourceKey, label, caption, labels, width, height } = figure;
  return { sourceKey, label, caption, labels, width, height, attribution: formatAttribution(figure, article) };
}
