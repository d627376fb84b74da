import { describe, expect, it } from '@jest/globals';
import { JobQueue, type Job } from './job-queue.js';
import type { Priority } from '../../domain/priority.js';

function job(input: string, priority: Priority = 'bulk', crashes = 0): Job<string, void> {
  return { input, priority, crashes, isOver: false, blamed: null, resolve: () => undefined, reject: () => undefined };
}

/** The kind of an input is its first letter. */
function queueOf(jobs: readonly Job<string, void>[], most = 8) {
  const queue = new JobQueue<string, void>((input) => input.charAt(0));
  for (const one of jobs) queue.add(one);
  return () => queue.takeBatch(() => most).map(({ input }) => input);
}

describe('the queue of a model', () => {
  it('takes people before an ingest, and inputs of one kind together', () => {
    const take = queueOf([job('a1'), job('b1'), job('a2'), job('c1', 'interactive')]);
    expect([take(), take(), take(), take()]).toEqual([['c1'], ['a1', 'a2'], ['b1'], []]);
  });

  it('takes no more at a time than are allowed', () => {
    const take = queueOf([job('a1'), job('a2')], 1);
    expect([take(), take(), take()]).toEqual([['a1'], ['a2'], []]);
  });

  it('takes alone what was in a crash', () => {
    const take = queueOf([job('a1', 'bulk', 1), job('a2'), job('a3')]);
    expect([take(), take()]).toEqual([['a1'], ['a2', 'a3']]);
  });
});
