import { describe, expect, it } from '@jest/globals';
import { localOperator } from '../domain/viewer.js';
import { IngestHistory } from './ingest-history.js';

type Stored = ConstructorParameters<typeof IngestHistory>[0];
type IngestRun = Awaited<ReturnType<IngestHistory['run']>>;

const counts = { read: 1, added: 1, updated: 0, unchanged: 0, rejected: 0, removed: 0, total: null, leftOut: 0 };
const runOf = (id: string, source: string): IngestRun => ({
  ...{ id, source, state: 'DONE', failure: null, startedAt: new Date(0), endedAt: new Date(1) },
  ...counts,
});
/** The latest first. */
const runs = [runOf('run_3', '/data/other'), runOf('run_2', '/data/figures'), runOf('run_1', '/data/figures')];

describe('the history of ingests', () => {
  const stored: Stored = {
    page: () => Promise.resolve({ items: runs.map((run, i) => ({ seq: i + 1, ...run })), hasNextPage: false }),
    find: (id) => Promise.resolve(runs.find((run) => run.id === id) ?? null),
    faults: () => Promise.resolve({ items: [], hasNextPage: false }),
    requestCancel: () => Promise.resolve(false),
  };
  const sources = { inputOf: (name: string) => Promise.resolve(name === 'mine' ? '/data/figures' : null) };
  const history = new IngestHistory(stored, sources, (command) => `figseek ${command}`);

  it('follows a run until it has ended, and tells each state once', async () => {
    const reading = { ...runOf('run_9', '/data/figures'), state: 'RUNNING' as const, endedAt: null };
    const states = [reading, { ...reading, read: 2 }, { ...reading, read: 2 }, runOf('run_9', '/data/figures')];
    const find = () => Promise.resolve(states.length > 1 ? (states.shift() ?? null) : (states[0] ?? null));
    const followed = new IngestHistory({ ...stored, find }, sources, String);
    const seen: string[] = [];
    for await (const { state, read } of followed.watch(localOperator, 'run_9', new AbortController().signal)) {
      seen.push(`${state} ${read}`);
    }
    expect(seen).toEqual(['RUNNING 1', 'RUNNING 2', 'DONE 1']);
  });

  it('ends to follow a run where nobody watches any more, and follows none that is not there', async () => {
    const ended = new AbortController();
    const find = () => Promise.resolve({ ...runOf('run_9', '/x'), state: 'RUNNING' as const, endedAt: null });
    const followed = new IngestHistory({ ...stored, find }, sources, String);
    for await (const run of followed.watch(localOperator, 'run_9', ended.signal)) {
      expect(run.id).toBe('run_9');
      ended.abort();
    }
    const nothing = history.watch(localOperator, 'run_none', new AbortController().signal);
    await expect(nothing.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('asks only runs to end that have not', async () => {
    await expect(history.cancel(localOperator, 'run_1')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(history.cancel(localOperator, 'run_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('finds the last run of a path, and of the name of a source', async () => {
    expect(await history.lastRunOf(localOperator, '/data/figures')).toMatchObject({ id: 'run_2' });
    expect(await history.lastRunOf(localOperator, '/data/../data/figures')).toMatchObject({ id: 'run_2' });
    expect(await history.lastRunOf(localOperator, 'mine')).toMatchObject({ id: 'run_2' });
  });

  it('finds a run by its id', async () => {
    expect(await history.run(localOperator, 'run_1')).toEqual(runs[2]);
  });

  it('says how the runs are listed where there is none', async () => {
    const notFound = { code: 'NOT_FOUND', message: expect.stringContaining('figseek faults lists the runs') };
    await expect(history.run(localOperator, 'run_9')).rejects.toMatchObject(notFound);
    await expect(history.lastRunOf(localOperator, '/nowhere')).rejects.toMatchObject(notFound);
  });
});
