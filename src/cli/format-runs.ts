import type { IngestHistory } from '../corpus/ingest-history.js';
import { paceOf } from '../domain/ingest-run.js';
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

/** Runs with how far they are, for a person; those that go on first. */
export function formatStatus(runs: readonly IngestRun[], now: Date): readonly string[] {
  if (runs.length === 0) return ['Nothing was ingested yet'];
  const byState = [...runs].sort((a, b) => Number(b.state === 'RUNNING') - Number(a.state === 'RUNNING'));
  return byState.flatMap((run) => {
    const { id, source, state, startedAt, endedAt, read, total, added, updated, unchanged, rejected, removed } = run;
    const { recordsPerSecond, secondsLeft } = paceOf(run, now);
    const of = total === null ? '' : ` of ${total}`;
    const pace = recordsPerSecond === null ? '' : `, ${recordsPerSecond.toFixed(1)} a second`;
    const left = secondsLeft === null ? '' : `, about ${durationInWords(secondsLeft)} left`;
    const when = endedAt === null ? `since ${startedAt.toISOString()}` : `ended ${endedAt.toISOString()}`;
    return [
      `${visibleLine(source)}: ${state}, ${read}${of} read${pace}${left}`,
      `  ${added} added, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected, ${removed} removed; ${when}; ${id}`,
      ...(run.failure === null ? [] : [`  ${visibleLine(run.failure)}`]),
    ];
  });
}

function durationInWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
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
