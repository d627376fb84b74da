import type { measureDuplicates } from '../app/benchmarks.js';

type Measured = ReturnType<typeof measureDuplicates> extends AsyncGenerator<infer One> ? One : never;

const widths = [20, 8, 9, 9, 9] as const;
const maxMissed = 3;

/** Above the lines of changed copies. */
export const duplicatesHeadings = row(['change', 'copies', 'found', 'named', 'same']) + 'not found';

/** A line of what `figseek bench duplicates` measures. */
export function formatDuplicates(one: Measured): string {
  switch (one.measure) {
    case 'corpus':
      return `${one.pictures} pictures (${one.unread} unread), ${one.features} features and ${one.msPerSignature} ms a picture`;
    case 'pair': {
      const kind = one.isSame ? 'SAME' : one.changes.join(' ');
      return `pair ${one.first}  ${one.second}  ${one.similarity.toFixed(3)}  ${kind}`;
    }
    case 'groups':
      return (
        `${one.comparisons} comparisons of ${one.msPerComparison} ms: ${one.pairs} pairs have something in common, ` +
        `${one.samePairs} count as the same picture`
      );
    case 'copies': {
      const { edit, copies, found, named, same, missed } = one;
      const share = (count: number) => `${((100 * count) / Math.max(1, copies)).toFixed(1)} %`;
      const more = missed.length > maxMissed ? ` and ${missed.length - maxMissed} more` : '';
      return (
        row([edit, String(copies), share(found), share(named), share(same)]) +
        missed.slice(0, maxMissed).join(' ') +
        more
      );
    }
  }
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, place) => (place === 0 ? cell.padEnd(widths[0]) : `${cell.padStart((widths[place] ?? 0) - 2)}  `))
    .join('');
}
