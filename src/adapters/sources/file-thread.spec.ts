import { describe, expect, it } from '@jest/globals';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { FileThread } from './file-thread.js';

const entry = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (work) => {
      if (work === 'end') process.exit(1);
      if (work === 'refuse') parentPort.postMessage({ code: 'UNSUPPORTED_MEDIA', message: 'encrypted' });
      else if (work === 'surprise') parentPort.postMessage({ code: null, message: 'x is not a function' });
      else parentPort.postMessage({ result: work });
    });`)}`,
);

describe('a thread that reads files', () => {
  it('makes a file at which it ends or fails a fault of this file alone', async () => {
    const damaged = (work: string, error: unknown): FigseekError =>
      new FigseekError('BAD_USER_INPUT', `${work} is damaged: ${messageOf(error)}`);
    const thread = new FileThread<string, string>({ entry, purpose: 'reads tests', damaged });
    const outcomes = await Promise.allSettled(['end', 'surprise', 'refuse', 'good'].map((work) => thread.ask(work)));
    expect(outcomes).toMatchObject([
      { reason: { code: 'BAD_USER_INPUT', message: 'end is damaged: The thread that reads tests ended' } },
      { reason: { code: 'BAD_USER_INPUT', message: 'surprise is damaged: x is not a function' } },
      { reason: { code: 'UNSUPPORTED_MEDIA', message: 'encrypted' } },
      { value: 'good' },
    ]);
  });
});
