import { afterEach, describe, expect, it } from '@jest/globals';
import { WorkerThread } from '../../src/platform/worker-thread.js';

const entry = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', (work) => {
      if (work === 'hang') for (;;);
      if (work === 'end') process.exit(1);
      if (work === 'refuse') parentPort.postMessage({ code: 'UNSUPPORTED_MEDIA', message: 'too large' });
      else if (work === 'surprise') parentPort.postMessage({ code: null, message: 'TypeError: x is not a function' });
      else parentPort.postMessage({ result: threadId });
    });`)}`,
);

describe('a task thread', () => {
  let thread: WorkerThread<string, number>;

  afterEach(() => thread.close());

  function started(timeoutMs = 60_000) {
    thread = new WorkerThread({ entry, purpose: 'does tasks', timeoutMs });
    return thread;
  }

  it('ends a task at its time limit, and does the next one on another thread', async () => {
    const { ask } = bound(started(5000));
    const first = await ask('a');
    const [hung, after] = await Promise.allSettled([ask('hang'), ask('b')]);
    expect(hung).toMatchObject({ reason: { code: 'TIMEOUT', message: expect.stringMatching(/within 5000 ms/) } });
    expect(after).toMatchObject({ status: 'fulfilled' });
    expect(after).not.toMatchObject({ value: first });
  });

  it('fails only the task at which it ended', async () => {
    const { ask } = bound(started());
    const [ended, after] = await Promise.allSettled([ask('end'), ask('b')]);
    expect(ended).toMatchObject({ reason: { code: 'MODEL_UNAVAILABLE' } });
    expect(after).toMatchObject({ status: 'fulfilled' });
  });

  it('passes on what was refused, and tells a surprise from it', async () => {
    const { ask } = bound(started());
    await expect(ask('refuse')).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA', message: 'too large' });
    await expect(ask('surprise')).rejects.not.toHaveProperty('code');
  });

  it('starts no thread once it is closed', async () => {
    const { ask } = bound(started());
    const waiting = expect(ask('hang')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    await thread.close();
    await waiting;
    await expect(ask('a')).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringMatching(/shutting down/),
    });
  });
});

function bound(thread: WorkerThread<string, number>) {
  return { ask: (work: string) => thread.ask(work) };
}
