import { describe, expect, it } from '@jest/globals';
import { localOperator } from '../domain/viewer.js';
import { IngestHistory } from './ingest-history.js';

type Stored = ConstructorParameters<typeof IngestHistory>[0];
type IngestRun = Awaited<ReturnType<IngestHistory['run']>>;

const counts = { read: 1, added: 1, updated: 0, unchanged: 0, rejected: 0, leftOut: 0 };
const runOf = (id: string, source: string): IngestRun => ({
  ...{ id, source, state: 'DONE', startedAt: new Date(0), endedAt: new Date(1) },
  ...counts,
});
/** The latest first. */
const runs = [runOf('run_3', '/data/other'), runOf('run_2', '/data/figures'), runOf('run_1', '/data/figures')];

describe('the history of ingests', () => {
  const stored: Stored = {
    page: () => Promise.resolve({ items: runs.map((run, i) => ({ seq: i + 1, ...run })), hasNextPage: false }),
    find: (id) => Promise.resolve(runs.find((run) => run.id === id) ?? null),
    faults: () => Promise.resolve({ items: [], hasNextPage: false }),
  };
  const sources = { inputOf: (name: string) => Promise.resolve(name === 'mine' ? '/data/figures' : null) };
  const history = new IngestHistory(stored, sources, (command) => `figseek ${command}`);

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
