import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { settled } from '../../../test/support/fake-mask-generator.js';
import { masksInMemory, numberedPrompts } from '../../../test/support/mask-requests.js';
import { FigseekError } from '../../domain/errors.js';
import type { MaskTarget } from './mask-jobs.js';
import { localOperator } from '../../domain/viewer.js';

describe('mask jobs', () => {
  let { generator, store, requests, masks, jobs } = masksInMemory();

  beforeEach(() => {
    ({ generator, store, requests, masks, jobs } = masksInMemory());
  });

  afterEach(() => masks.close());

  function requestJob(figure: number, prompts: readonly string[]) {
    return requests.requestJob(jobs, figure, prompts);
  }

  function statuses(id: string) {
    return jobs.find(localOperator, id)?.masks.map(({ end }) => end?.status ?? null);
  }

  it('make a mask of each figure for each prompt, and equal prompts once', async () => {
    const { masks: begun } = await requestJob(0, ['a', 'A ', 'b', 'c']);
    expect(begun.map(({ prompt, end }) => [prompt, end])).toEqual([
      ['a', null],
      ['b', null],
      ['c', null],
    ]);
  });

  it('report how each mask ended', async () => {
    const { id } = await requestJob(0, ['a', 'b', 'c']);
    await settled();
    await generator.finish('a');
    expect(statuses(id)).toEqual(['READY', null, null]);
    await generator.finish('b', new FigseekError('UNSUPPORTED_MEDIA', 'too large'));
    expect(jobs.find(localOperator, id)?.masks[1]?.end).toMatchObject({ status: 'FAILED', error: 'too large' });
    await generator.finish('c');
    expect(statuses(id)).toEqual(['READY', 'FAILED', 'READY']);
  });

  it('refuse a request without masks, and one with more than 2000', async () => {
    const message = (received: number) => `Expected 1 to 2000 masks in a request but received ${received}`;
    await expect(requestJob(0, [])).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: message(0) });
    await expect(jobs.request([], ['a'], null)).rejects.toMatchObject({ message: message(0) });
    await expect(requestJob(0, numberedPrompts(2001))).rejects.toMatchObject({ message: message(2001) });
    await expect(requestJob(0, ['a', ' '])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(generator.log).toEqual([]);
  });

  it('cancel the masks that nobody else wants, and leave the others to those who want them', async () => {
    const { id } = await requestJob(0, ['a', 'b', 'c', 'd', 'e']);
    const other = await requestJob(0, ['d']);
    await requests.requestMask(masks, 0, 'e', { waitMs: 0 });
    await settled();
    await generator.finish('a');
    const cancelled = ['READY', 'FAILED', 'FAILED', 'FAILED', 'FAILED'];
    expect(jobs.cancel(localOperator, id).masks.map(({ end }) => end?.status)).toEqual(cancelled);
    await generator.finishAll();
    expect(generator.log).not.toContain('c');
    expect(generator.log).toEqual(expect.arrayContaining(['b!', 'd!', 'e!']));
    expect(statuses(other.id)).toEqual(['READY']);
    expect(statuses(id)).toEqual(cancelled);
  });

  it('fail when the server stops, and store nothing', async () => {
    const { id } = await requestJob(0, ['a', 'b', 'c']);
    const waiting = requests.requestMask(masks, 1, 'lung');
    await settled();
    await masks.close();
    await expect(waiting).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    await settled();
    expect(statuses(id)).toEqual(['FAILED', 'FAILED', 'FAILED']);
    expect(store.all).toEqual([]);
  });

  it('are not found by an unknown id', () => {
    const notFound = expect.objectContaining({ code: 'NOT_FOUND', message: 'There is no mask job mjb_0' });
    expect(jobs.find(localOperator, 'mjb_0')).toBeNull();
    expect(() => jobs.cancel(localOperator, 'mjb_0')).toThrow(notFound);
    expect(() => jobs.watch(localOperator, 'mjb_0')).toThrow(notFound);
  });

  it('give their present state at once to a client that watches, and end with their last mask', async () => {
    const { id } = await requestJob(0, ['a', 'b']);
    const stream = jobs.watch(localOperator, id);
    const first = await stream.next();
    expect(first).toMatchObject({ done: false, value: { id, masks: [{ end: null }, { end: null }] } });
    await settled();
    await generator.finishAll();
    const states = [];
    for await (const { masks: state } of stream) states.push(state.map(({ end }) => end?.status));
    expect(states).toEqual([['READY', 'READY']]);
  });

  it('give a job that has ended to a client that watches it then', async () => {
    const { id } = await requestJob(0, ['a']);
    await settled();
    await generator.finish('a');
    const states = [];
    for await (const state of jobs.watch(localOperator, id)) states.push(state);
    expect(states).toEqual([jobs.find(localOperator, id)]);
  });

  it('give nothing more to a client that ceased to watch', async () => {
    const { id } = await requestJob(0, ['a']);
    const stream = jobs.watch(localOperator, id);
    await stream.next();
    const next = stream.next();
    await stream.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('are forgotten, the oldest first, when they have more than 100000 masks together', async () => {
    const first = await requestJob(0, ['a']);
    const second = await requestJob(0, ['b']);
    await settled();
    await generator.finishAll();
    const target = requests.toTarget(0);
    const requestMany = (count: number) => jobs.request(Array<MaskTarget>(count).fill(target), ['a'], null);
    for (let i = 0; i < 49; i++) await requestMany(2000);
    await requestMany(1999);
    expect([jobs.find(localOperator, first.id), statuses(second.id)]).toEqual([null, ['READY']]);
  });
});
