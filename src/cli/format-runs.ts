import type { IngestHistory } from '../corpus/ingest-history.js';
import { visibleLine } from '../domain/visible-text.js';

type IngestRun = Awaited<ReturnType<IngestHistory['run']>>;
type RunPage = Awaited<ReturnType<IngestHistory['runs']>>;
type FaultPage = Awaited<ReturnType<IngestHistory['faults']>>;

/** Runs for a person, a line each. */
export function formatRuns({ items, hasNextPage }: RunPage): readonly string[] {
  if (items.length === 0) return ['Nothing was ingested yet'];
  const lines = items.map(({ id, source, state, startedAt, read, rejected, leftOut }) => {
    const counts = `${read} read, ${rejected} rejected, ${leftOut} left out`;
    return `${id}  ${startedAt.toISOString()}  ${state}  ${counts}  ${visibleLine(source)}`;
  });
  return hasNextPage ? [...lines, `… older ones: --after ${items.at(-1)?.seq ?? 0}`] : lines;
}

/** What a run did not take, for a person. */
export function formatFaults(
  { id, startedAt, rejected, leftOut, source }: IngestRun,
  { items, hasNextPage }: FaultPage,
): readonly string[] {
  return [
    `${id}, ${startedAt.toISOString()}: ${rejected} rejected, ${leftOut} left out of ${visibleLine(source)}`,
    ...items.map(({ sourceKey, code, message }) => `  ${visibleLine(sourceKey)}: ${code}: ${visibleLine(message)}`),
    ...(hasNextPage ? [`… and more: --after ${items.at(-1)?.seq ?? 0}`] : []),
  ];
}
