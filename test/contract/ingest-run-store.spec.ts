import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { corpora, type OpenedCorpus } from '../support/corpora.js';

const counts = { read: 5, added: 2, updated: 1, unchanged: 1, rejected: 1, removed: 0 };
const fault = (sourceKey: string, code = 'BAD_RECORD') => ({ sourceKey, code, message: `about ${sourceKey}` });

describe.each(corpora)('runs of ingests in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  const progress = (faults: readonly ReturnType<typeof fault>[] = [], keys: readonly string[] = []) => ({
    ...{ counts, faults, keys },
  });

  it('keep their counts, and what they did not take', async () => {
    const { runs } = opened.stores;
    const id = await runs.begin('/figures');
    expect(await runs.find(id)).toMatchObject({ id, source: '/figures', state: 'RUNNING', read: 0, endedAt: null });
    await runs.record(id, 'RUNNING', progress([fault('a'), fault('b', 'LEFT_OUT')]));
    await runs.record(id, 'DONE', progress([fault('c', 'UNKNOWN_KEY')]));
    expect(await runs.find(id)).toMatchObject({ state: 'DONE', ...counts, leftOut: 2, endedAt: expect.any(Date) });
    const first = await runs.faults(id, 0, 2);
    expect(first).toMatchObject({ hasNextPage: true, items: [fault('a'), fault('b', 'LEFT_OUT')] });
    const rest = await runs.faults(id, first.items[1]?.seq ?? 0, 2);
    expect(rest).toMatchObject({ hasNextPage: false, items: [fault('c', 'UNKNOWN_KEY')] });
    expect(await runs.find('run_none')).toBeNull();
  });

  it('know how many records there are, and the keys that were read until they end', async () => {
    const { runs } = opened.stores;
    const id = await runs.begin('/figures', 7);
    expect(await runs.find(id)).toMatchObject({ total: 7, removed: 0 });
    await runs.record(id, 'RUNNING', progress([], ['a', 'b']));
    await runs.record(id, 'RUNNING', progress([], ['b', 'c']));
    expect(await runs.keysRead(id, ['b', 'c', 'd'])).toEqual(new Set(['b', 'c']));
    expect(await runs.keysRead(await runs.begin('/others'), ['a'])).toEqual(new Set());
    await runs.record(id, 'DONE', { ...progress(), counts: { ...counts, removed: 3 } });
    expect(await runs.find(id)).toMatchObject({ state: 'DONE', removed: 3 });
    expect(await runs.keysRead(id, ['a'])).toEqual(new Set());
  });

  it('keep the keys that they have read while another run of their source begins', async () => {
    const { runs } = opened.stores;
    const id = await runs.begin('/figures');
    await runs.record(id, 'RUNNING', progress([], ['a']));
    await runs.begin('/figures');
    expect(await runs.keysRead(id, ['a', 'b'])).toEqual(new Set(['a']));
  });

  it('have at least as many records as were read', async () => {
    const { runs } = opened.stores;
    const id = await runs.begin('/figures', 2);
    await runs.record(id, 'RUNNING', progress());
    expect(await runs.find(id)).toMatchObject({ read: 5, total: 5 });
  });

  it('are told that somebody asked for their end', async () => {
    const { runs } = opened.stores;
    const id = await runs.begin('/figures');
    expect(await runs.record(id, 'RUNNING', progress())).toEqual({ isCancelRequested: false });
    expect(await runs.requestCancel(id)).toBe(true);
    expect(await runs.record(id, 'RUNNING', progress())).toEqual({ isCancelRequested: true });
    await runs.record(id, 'CANCELLED', progress());
    expect([await runs.requestCancel(id), await runs.requestCancel('run_none')]).toEqual([false, false]);
  });

  it('are listed the latest first, page by page', async () => {
    const { runs } = opened.stores;
    const ids: string[] = [];
    for (const source of ['/a', '/b', '/c']) ids.unshift(await runs.begin(source));
    const first = await runs.page(0, 2);
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.hasNextPage).toBe(true);
    const rest = await runs.page(first.items[1]?.seq ?? 0, 2);
    expect(rest.items.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(rest.hasNextPage).toBe(false);
  });

  it('are closed as failed where their process is gone and the next run of their source begins', async () => {
    const { runs } = opened.stores;
    const [killed, beside, other] = [await runs.begin('/a'), await runs.begin('/a'), await runs.begin('/b')];
    await opened.loseRun(killed);
    await runs.begin('/a');
    const failure = expect.stringMatching(/^Its process ended/);
    expect(await runs.find(killed)).toMatchObject({ state: 'FAILED', failure, endedAt: expect.any(Date) });
    expect(await runs.find(beside)).toMatchObject({ state: 'RUNNING', failure: null });
    expect(await runs.find(other)).toMatchObject({ state: 'RUNNING' });
  });

  it('cannot be asked to end where their process is gone', async () => {
    const { runs } = opened.stores;
    const id = await runs.begin('/a');
    await opened.loseRun(id);
    expect(await runs.requestCancel(id)).toBe(false);
  });

  it('keep why they failed', async () => {
    const { runs } = opened.stores;
    const id = await runs.begin('/a');
    await runs.record(id, 'FAILED', { ...progress(), failure: 'The disk is full' });
    expect(await runs.find(id)).toMatchObject({ state: 'FAILED', failure: 'The disk is full' });
  });

  it('tell whether a source was read to its end, and whether it was the only one', async () => {
    const { runs } = opened.stores;
    expect(await runs.isOnlyRunAndIncomplete('/a')).toBe(false);
    const id = await runs.begin('/a');
    expect([await runs.isDone('/a'), await runs.isOnlyRunAndIncomplete('/a')]).toEqual([false, true]);
    await runs.begin('/b');
    expect(await runs.isOnlyRunAndIncomplete('/a')).toBe(false);
    await runs.record(id, 'DONE', progress());
    expect([await runs.isDone('/a'), await runs.isDone('/b')]).toEqual([true, false]);
  });
});
