import { attributionOf, type Article, type Figure } from '../domain/figure.js';
import { isWholeFigure, type ArticleId, type FigureId, type PanelId } from '../domain/ids.js';
import type { Hit } from '../domain/search.js';
import type { ArticleAnswer } from '../search/article-search.js';
import type { SearchAnswer } from '../search/figure-search.js';
import type { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { printJson, printLine } from './output.js';

const maxLineLength = 160;

/** Prints figures, best first, each with why it was found. */
export async function printFigures({ hits, info }: SearchAnswer, reader: FigureReader, asJson: boolean): Promise<void> {
  const described = await describeHits(hits, reader);
  if (asJson) {
    printJson({ hits: described, info });
    return;
  }
  for (const hit of described) {
    const others = hit.duplicates.length === 0 ? '' : `  +${hit.duplicates.length} nearly the same (--json names them)`;
    printLine(`${hit.rank}. ${hit.sourceKey}${panelOf(hit)}  ${hit.figureId}  [${channelsOf(hit)}]${others}`);
    printLine(`   ${shortened(hit.caption === '' ? hit.labels.join(', ') : hit.caption)}`);
    printLine(`   ${shortened(hit.attribution)}`);
  }
  if (described.length === 0) printLine('Nothing found.');
}

/** Prints articles, best first, each with its best figures. */
export async function printArticles(answer: ArticleAnswer, reader: FigureReader, asJson: boolean): Promise<void> {
  const articles = await reader.articlesByIds(answer.hits.map(({ articleId }) => articleId));
  const described = await Promise.all(
    answer.hits.map(async ({ rank, score, articleId, figures }) => ({
      rank,
      score,
      article: articles.get(articleId) ?? null,
      figures: await describeHits(figures, reader),
    })),
  );
  if (asJson) {
    printJson({ articles: described, info: answer.info });
    return;
  }
  for (const { rank, article, figures } of described) {
    printLine(`${rank}. ${shortened(article?.title ?? '')}  ${article?.id ?? ''}`);
    const details = [article?.journal, article?.year, article?.doi ?? article?.pmcid].filter(
      (detail) => detail != null,
    );
    if (details.length > 0) printLine(`   ${shortened(details.join(', '))}`);
    for (const hit of figures) {
      printLine(
        `   - ${hit.sourceKey}${panelOf(hit)}  ${hit.figureId}  [${channelsOf(hit)}]  ${shortened(hit.caption)}`,
      );
    }
  }
  if (described.length === 0) printLine('Nothing found.');
}

async function describeHits<H extends Pick<Hit, 'figureId' | 'panelId'>>(hits: readonly H[], reader: FigureReader) {
  const figures = await reader.figuresByIds(hits.map(({ figureId }) => figureId));
  const panels = await reader.panelsByIds(hits.map(({ panelId }) => panelId));
  const articles = await reader.articlesByIds([...figures.values()].flatMap(({ articleId }) => articleId ?? []));
  return hits.flatMap((hit) =>
    describeHit({ ...hit, panelLabel: panels.get(hit.panelId)?.label ?? null }, figures, articles),
  );
}

function describeHit<H extends Pick<Hit, 'figureId'>>(
  hit: H,
  figures: ReadonlyMap<FigureId, Figure>,
  articles: ReadonlyMap<ArticleId, Article>,
) {
  const figure = figures.get(hit.figureId);
  if (figure === undefined) return [];
  const article = figure.articleId === null ? null : (articles.get(figure.articleId) ?? null);
  const { sourceKey, label, caption, labels, width, height } = figure;
  return [{ ...hit, sourceKey, label, caption, labels, width, height, attribution: attributionOf(figure, article) }];
}

function channelsOf({ evidence }: Pick<Hit, 'evidence'>): string {
  return evidence.map(({ channel, rank }) => `${channel.toLowerCase()} ${rank}`).join(', ');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line;
}

/** How a line goes on behind the figure’s key where a part of it answers: “ panel B”. */
function panelOf({ panelId, panelLabel }: { readonly panelId: PanelId; readonly panelLabel: string | null }): string {
  return isWholeFigure(panelId) ? '' : ` panel ${panelLabel ?? panelId}`;
}
