import { describe, expect, it } from '@jest/globals';
import { JobQueue, type Job, type Priority } from './job-queue.js';

function job(input: string, priority: Priority = 'bulk', crashes = 0): Job<string, void> {
  return { input, priority, crashes, isOver: false, blamed: null, resolve: () => undefined, reject: () => undefined };
}

function queueOf(jobs: readonly Job<string, void>[], fit: (one: string, other: string) => boolean) {
  const queue = new JobQueue<string, void>(fit);
  for (const one of jobs) queue.add(one);
  return () => queue.takeBatch(() => 8).map(({ input }) => input);
}

const byLetter = (one: string, other: string) => one[0] === other[0];

describe('the queue of a model', () => {
  it('takes people before an ingest, and what fits the first one together', () => {
    const take = queueOf([job('a1'), job('b1'), job('a2'), job('c1', 'interactive')], byLetter);
    expect([take(), take(), take(), take()]).toEqual([['c1'], ['a1', 'a2'], ['b1'], []]);
  });

  it('takes one at a time where nothing fits together', () => {
    const take = queueOf([job('a1'), job('a2')], () => false);
    expect([take(), take(), take()]).toEqual([['a1'], ['a2'], []]);
  });

  it('takes alone what was in a crash', () => {
    const take = queueOf([job('a1', 'bulk', 1), job('a2'), job('a3')], byLetter);
    expect([take(), take()]).toEqual([['a1'], ['a2', 'a3']]);
  });
});
