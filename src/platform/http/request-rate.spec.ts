import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { RequestRate } from './request-rate.js';

/** Most times within any window of one second. */
function mostInOneSecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));
}

describe('RequestRate', () => {
  it('sends no more than the limit in any second, as the server counts it, also where requests are long on their way', async () => {
    const rate = new RequestRate(5);
    const arrived: number[] = [];
    const send = async (place: number): Promise<void> => {
      // The way to the server takes longer or shorter, which a spacing of the sender alone would not see.
      await wait((place * 37) % 90);
      arrived.push(performance.now());
    };
    await Promise.all(Array.from({ length: 13 }, (_, place) => rate.run(() => send(place))));
    expect(arrived).toHaveLength(13);
    expect(mostInOneSecond(arrived)).toBeLessThanOrEqual(5);
  });

  it('gives a place back where a request fails', async () => {
    const rate = new RequestRate(1);
    await expect(rate.run(() => Promise.reject(new Error('dropped')))).rejects.toThrow('dropped');
    await expect(rate.run(() => Promise.resolve('answer'))).resolves.toBe('answer');
  });

  it('lets all requests wait where the server asks for it', async () => {
    const rate = new RequestRate(10);
    const start = performance.now();
    rate.pause(60);
    const sent = await Promise.all([1, 2].map(() => rate.run(() => Promise.resolve(performance.now() - start))));
    for (const time of sent) expect(time).toBeGreaterThanOrEqual(60);
  });

  it('leaves the place to others where the one that waits is stopped', async () => {
    const rate = new RequestRate(1);
    await rate.run(() => Promise.resolve());
    const stop = new AbortController();
    const stopped = rate.run(() => Promise.resolve(), stop.signal);
    const other = rate.run(() => Promise.resolve('answer'));
    stop.abort();
    await expect(stopped).rejects.toThrow();
    await expect(other).resolves.toBe('answer');
  });
});
