import type { IngestReport } from '../corpus/ingest.js';
import { keyFault } from '../corpus/left-out.js';
import type { FigureDuplicates } from '../corpus/pictures/figure-duplicates.js';
import { visibleLine } from '../domain/visible-text.js';

/** Of each kind; `figseek faults` lists all. */
const maxListed = 20;

/**
 * What a run did, in lines for a person: each input is counted as taken, rejected or left out.
 * @param howToList the command that lists what was not taken; null where nothing was stored
 */
export function ingestSummary(source: string, report: IngestReport, howToList: string | null): readonly string[] {
  const { read, added, updated, unchanged, rejected, removed, leftOut, unknownKeys, deleted, notPruned } = report;
  const counts = `${read} read, ${added} added, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`;
  const more = [
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(unknownKeys.length > 0 ? [`${unknownKeys.length} unknown keys`] : []),
  ];
  const lines = [`${visibleLine(source)}: ${[counts, ...more].join(', ')}`];
  if (notPruned !== null) lines.push(`  nothing was removed: ${notPruned}`);
  if (deleted > 0) {
    lines.push(`  ${deleted} of them stay out because they were deleted here; --restore-deleted takes them again`);
  }
  const listed = [report.faults, report.leftOuts, unknownKeys.map(keyFault)];
  for (const faults of listed) {
    for (const { sourceKey, code, message } of faults.slice(0, maxListed)) {
      lines.push(`  ${visibleLine(sourceKey)}: ${code}: ${visibleLine(message)}`);
    }
  }
  const all = rejected + leftOut + unknownKeys.length;
  const shown = listed.reduce((sum, faults) => sum + Math.min(maxListed, faults.length), 0);
  if (all > shown) lines.push(`  … and ${all - shown} more`);
  if (all > 0 && howToList !== null) lines.push(`  ${howToList} lists all that was not taken`);
  return lines;
}

/** What an ingest leaves to do with pictures; nothing where none waits. @param howToCompare the command that does it */
export function waitingLines(
  { unsigned, uncompared }: Awaited<ReturnType<FigureDuplicates['pending']>>,
  howToCompare: string,
): readonly string[] {
  const waiting = unsigned + uncompared;
  if (waiting === 0) return [];
  const count = waiting === 1 ? '1 picture waits' : `${waiting} pictures wait`;
  return [`${count} for being compared with others: a server does that beside its work, or ${howToCompare}`];
}
