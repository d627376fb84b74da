import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FigseekError } from '../domain/errors.js';
import { settled } from '../../test/support/fake-mask-generator.js';
import { masksInMemory, numberedPrompts } from '../../test/support/mask-requests.js';
import { localOperator } from '../domain/viewer.js';

describe('masks on demand', () => {
  let { generator, store, requests, masks, jobs } = masksInMemory();

  beforeEach(() => {
    ({ generator, store, requests, masks, jobs } = masksInMemory());
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await masks.close();
  });

  function requestMask(figure: number, prompt: string, waitMs = 60_000, signal?: AbortSignal) {
    return requests.requestMask(masks, figure, prompt, { waitMs, ...(signal && { signal }) });
  }

  function requestJob(figure: number, prompts: readonly string[]) {
    return requests.requestJob(jobs, figure, prompts);
  }

  it('makes a mask once for all equal requests, and never again', async () => {
    const asked = [requestMask(0, 'lung'), requestMask(0, ' LUNG ')];
    await settled();
    await generator.finish('lung');
    const [one, other] = await Promise.all(asked);
    expect(one).toMatchObject({ prompt: 'lung', outcome: { status: 'READY' } });
    expect(other).toEqual(one);
    expect(await requestMask(0, 'lung')).toEqual(one);
    expect(generator.log).toEqual(['lung', 'lung!']);
  });

  it('serves a client before batch work, in the queue and at the model', async () => {
    await requestJob(0, ['b0', 'b1', 'b2', 'b3']);
    await settled();
    expect(generator.atModel).toEqual(['b0', 'b1']);
    const person = requestMask(1, 'person');
    await settled();
    expect(generator.log.at(-1)).toBe('person!');
    await generator.finish('b0');
    expect(generator.log).not.toContain('b2');
    await generator.finish('person');
    expect(await person).toMatchObject({ outcome: { status: 'READY' } });
    expect(generator.atModel).toEqual(['b1', 'b2']);
  });

  it('holds a batch mask that is prepared until no client waits', async () => {
    const persons = [requestMask(1, 'a'), requestMask(1, 'b')];
    await settled();
    await requestJob(0, ['bulk']);
    await generator.finish('a');
    expect(generator.log.at(-1)).toBe('bulk');
    await generator.finish('b');
    await Promise.all(persons);
    expect(generator.log.at(-1)).toBe('bulk!');
  });

  it('gives a batch mask the priority of a client that requests it as well', async () => {
    await requestJob(0, ['b0', 'b1', 'b2', 'b3', 'b4']);
    const person = requestMask(0, 'b4');
    await settled();
    expect(generator.atModel).toEqual(['b0', 'b1', 'b4']);
    await generator.finish('b4');
    expect(await person).toMatchObject({ outcome: { status: 'READY' } });
    expect(generator.log).not.toContain('b2');
  });

  it('makes masks that no client waits for any more after those that clients wait for', async () => {
    const busy = [requestMask(0, 'x'), requestMask(0, 'y')];
    const gone = new AbortController();
    const left = requestMask(1, 'left', 60_000, gone.signal);
    const polled = await requestMask(1, 'polled', 0);
    const impatient = requestMask(1, 'impatient', 1);
    await settled();
    gone.abort(new Error('went away'));
    await expect(left).rejects.toThrow('went away');
    expect(polled).toMatchObject({ outcome: null });
    expect(await impatient).toMatchObject({ outcome: null });
    const waited = requestMask(2, 'waited');
    await settled();
    await generator.finish('x');
    expect(generator.atModel).toEqual(['y', 'waited']);
    await generator.finishAll();
    expect(generator.log.filter((entry) => entry.endsWith('!'))).toEqual([
      ...['x!', 'y!', 'waited!'],
      ...['polled!', 'left!', 'impatient!'],
    ]);
    expect(await requestMask(1, 'polled', 0)).toMatchObject({ id: polled.id, outcome: { status: 'READY' } });
    await Promise.all([...busy, waited]);
  });

  it('prefers the image that was taken last', async () => {
    await requestJob(0, ['x0']);
    await requestJob(1, ['x1']);
    await requestJob(0, numberedPrompts(30));
    await requestJob(1, ['y']);
    await settled();
    await generator.finishAll();
    const order = generator.log.filter((entry) => !entry.endsWith('!'));
    expect(order.slice(0, 3)).toEqual(['x0', 'x1', 'y']);
    expect(order).toHaveLength(33);
  });

  it('refuses requests beyond 500 waiting clients, and jobs beyond 5000 masks, also at the same time', async () => {
    const asked = numberedPrompts(510).map((prompt) => requestMask(0, prompt));
    const results = Promise.allSettled(asked);
    await settled();
    // The mask of a job is not lost where a client finds no room.
    const { id } = await requestJob(2, ['job', 'job 2']);
    await settled();
    void requestMask(2, 'job 2');
    await settled();
    expect(jobs.find(localOperator, id)?.masks.map(({ end }) => end)).toEqual([null, null]);
    const requests = await Promise.allSettled(
      numberedPrompts(4).map((name) => requestJob(1, numberedPrompts(1500, `${name}-`))),
    );
    expect(requests.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(requests[3]).toMatchObject({ reason: { code: 'RATE_LIMITED' } });
    await masks.close();
    const codes = (await results).map((one) => (one.status === 'rejected' ? (one.reason as FigseekError).code : null));
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(8);
    expect(codes.filter((code) => code === 'MODEL_UNAVAILABLE')).toHaveLength(502);
  });

  it('reports a failed mask for a minute, and then tries again', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const first = requestMask(0, 'lung');
    await settled();
    await generator.finish('lung', new TypeError('x is not a function'));
    expect(await first).toMatchObject({ outcome: { status: 'FAILED', error: expect.stringMatching(/log says more/) } });
    expect(await requestMask(0, 'lung')).toMatchObject({ outcome: { status: 'FAILED' } });
    expect(generator.log).toHaveLength(2);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 60_001);
    const again = requestMask(0, 'lung');
    await settled();
    expect(await masks.find(localOperator, (await first).id)).toMatchObject({ outcome: null });
    await generator.finish('lung');
    expect(await again).toMatchObject({ id: (await first).id, outcome: { status: 'READY' } });
  });

  it('refuses a prompt that the model cannot read, and stores nothing', async () => {
    const asked = requestMask(0, 'odd');
    await settled();
    await generator.finish('odd', new FigseekError('BAD_USER_INPUT', 'odd'));
    await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(requestMask(0, 'lung <|endoftext|>')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(store.all).toEqual([]);
  });

  it('does not find a mask whose figure is gone or has another image', async () => {
    const asked = requestMask(0, 'lung');
    const other = requestMask(1, 'liver');
    await settled();
    const pending = await requestMask(0, 'lung', 0);
    expect(await masks.find(localOperator, pending.id)).toMatchObject({ outcome: null });
    requests.addFigure(0, 'another image');
    expect(await masks.find(localOperator, pending.id)).toBeNull();
    await generator.finishAll();
    const { id } = await asked;
    expect(await masks.find(localOperator, id)).toBeNull();
    requests.addFigure(0);
    expect(await masks.find(localOperator, id)).toMatchObject({ outcome: { status: 'READY' } });
    const liver = await other;
    requests.removePanel(1);
    expect(await masks.findMany(localOperator, [liver.id, id, 'msk_0'])).toMatchObject([null, { id }, null]);
  });

  it('stores a mask under the segmenter that made it, where that was replaced meanwhile', async () => {
    const asked = requestMask(0, 'lung');
    await settled();
    const pending = await requestMask(0, 'lung', 0);
    generator.version = '2';
    await generator.finish('lung');
    const made = await asked;
    expect(made.id).not.toBe(pending.id);
    expect(await requestMask(0, 'lung')).toEqual(made);
    expect(store.all.map(({ hash }) => hash)).toEqual([made.hash]);
  });
});
