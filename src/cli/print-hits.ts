import type { CorpusSearch } from '../app/corpus-search.js';
import { isWholeFigure, type PanelId } from '../domain/ids.js';
import type { Hit } from '../domain/search.js';
import { printLine } from './output.js';

type FoundFigures = Awaited<ReturnType<CorpusSearch['searchFigures']>>;
type FoundArticles = Awaited<ReturnType<CorpusSearch['searchArticles']>>;

const maxLineLength = 160;

/** Prints figures, best first, each with why it was found. */
export function printFigures({ hits }: FoundFigures): void {
  for (const hit of hits) {
    const others =
      hit.duplicates.length === 0 ? '' : `  +${hit.duplicates.length} with the same picture (--json names them)`;
    printLine(`${hit.rank}. ${hit.sourceKey}${panelOf(hit)}  ${hit.figureId}  [${channelsOf(hit)}]${others}`);
    printLine(`   ${shortened(hit.caption === '' ? hit.labels.join(', ') : hit.caption)}`);
    printLine(`   ${shortened(hit.attribution)}`);
  }
  if (hits.length === 0) printLine('Nothing found.');
}

/** Prints articles, best first, each with its best figures. */
export function printArticles({ articles }: FoundArticles): void {
  for (const { rank, article, figures } of articles) {
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
  if (articles.length === 0) printLine('Nothing found.');
}

function channelsOf({ evidence }: Pick<Hit, 'evidence'>): string {
  return evidence.map(({ channel, rank }) => `${channel.toLowerCase()} ${rank}`).join(', ');
}

/** A text on one line, at most as long as a line may be. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line;
}

/** How a line goes on behind the key of the figure where a part of it answers: “ panel B”. */
function panelOf({ panelId, panelLabel }: { readonly panelId: PanelId; readonly panelLabel: string | null }): string {
  return isWholeFigure(panelId) ? '' : ` panel ${panelLabel ?? panelId}`;
}
