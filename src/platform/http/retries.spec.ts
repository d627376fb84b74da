import { describe, expect, it } from '@jest/globals';
import { delayBefore, withRetries } from './retries.js';
import { TransientError } from './transient-error.js';

const policy = { attempts: 4, firstDelayMs: 100, maxDelayMs: 500 };

describe('delayBefore', () => {
  it('doubles up to the longest, with jitter', () => {
    expect([1, 2, 3, 4, 9].map((failures) => delayBefore(failures, null, policy, () => 1))).toEqual([
      100, 200, 400, 500, 500,
    ]);
    expect(delayBefore(3, null, policy, () => 0.25)).toBe(100);
  });

  it('is never less than the server asked for', () => {
    expect(delayBefore(1, 2000, policy, () => 0)).toBe(2000);
  });
});

describe('withRetries', () => {
  const quick = { attempts: 3, firstDelayMs: 1, maxDelayMs: 1 };
  const giveUp = (reason: string): Error => new Error(`given up: ${reason}`);
  const failing = (times: number) => {
    let attempts = 0;
    return () =>
      ++attempts <= times ? Promise.reject(new TransientError('the hub is busy')) : Promise.resolve(attempts);
  };

  it('returns what came after faults', async () => {
    const notes: string[] = [];
    const note = (line: string): number => notes.push(line);
    await expect(withRetries(failing(2), { policy: quick, note, giveUp })).resolves.toBe(3);
    expect(notes).toHaveLength(2);
  });

  it('gives up after as many attempts as the policy says', async () => {
    await expect(withRetries(failing(3), { policy: quick, note: () => undefined, giveUp })).rejects.toThrow(
      'given up: the hub is busy, 3 times',
    );
  });

  it('goes on for as long as each attempt gains something', async () => {
    const retrying = { policy: quick, note: () => undefined, giveUp, gained: () => true };
    await expect(withRetries(failing(20), retrying)).resolves.toBe(21);
  });

  it('does not repeat what only the user can fix', async () => {
    let attempts = 0;
    const work = () => Promise.reject(new Error(`attempt ${++attempts}`));
    await expect(withRetries(work, { policy: quick, note: () => undefined, giveUp })).rejects.toThrow('attempt 1');
  });
});
