import type { CorpusDuplicates } from '../app/corpus-duplicates.js';
import { isWholeFigure } from '../domain/ids.js';
import { printLine, printNote } from './output.js';

type Found = Awaited<ReturnType<CorpusDuplicates['find']>>;
type Match = Found['matches'][number];

/** Prints pairs of figures, each with what they have in common. */
export function printDuplicates({ matches, hasMore, pending: { unsigned, uncompared } }: Found): void {
  for (const match of matches) {
    printLine(`${nameOf(match.figure)}  and  ${nameOf(match.other)}`);
    printLine(`   ${kindOf(match)}, similarity ${match.similarity.toFixed(3)}`);
    printLine(`   ${match.figure.figureId} ${boxOf(match.figure)}, ${match.other.figureId} ${boxOf(match.other)}`);
  }
  if (matches.length === 0) printLine('Nothing found.');
  if (hasMore) printNote('There are more: --first shows them');
  if (unsigned + uncompared > 0) {
    printNote(
      `${unsigned + uncompared} pictures were not compared yet: a server does it beside its work, --compare at once`,
    );
  }
}

function kindOf({ isSamePicture, changes }: Match): string {
  const words = changes.map((change) => change.toLowerCase().replace('_', ' by '));
  if (isSamePicture) return ['the same picture', ...words].join(', ');
  return words.length === 0 ? 'nearly the same picture' : words.join(', ');
}

function nameOf({ sourceKey, panelId, panelLabel }: Match['figure']): string {
  return isWholeFigure(panelId) ? sourceKey : `${sourceKey} panel ${panelLabel ?? panelId}`;
}

function boxOf({ box: { x, y, width, height } }: Match['figure']): string {
  return `${width}×${height} at ${x},${y}`;
}
