import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withProgress } from './progress.js';

describe('progress on a terminal', () => {
  const { isTTY } = process.stderr;

  beforeEach(() => {
    process.stderr.isTTY = true;
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    jest.useFakeTimers();
  });

  afterEach(() => {
    process.stderr.isTTY = isTTY;
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('leaves no timer behind when the work fails, so that the process can end', async () => {
    const work = withProgress('figures', 3, (at) => {
      at(1);
      expect(jest.getTimerCount()).toBeGreaterThan(0);
      return Promise.reject(new Error('disk full'));
    });
    await expect(work).rejects.toThrow('disk full');
    expect(jest.getTimerCount()).toBe(0);
  });
});
