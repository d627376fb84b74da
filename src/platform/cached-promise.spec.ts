import { describe, expect, it } from '@jest/globals';
import { LRUCache } from 'lru-cache';
import { cachedPromise } from './cached-promise.js';

describe('a cache of promises', () => {
  it('makes a value once for all who ask, also while it is made', async () => {
    const cache = new LRUCache<string, Promise<number>>({ max: 10 });
    let made = 0;
    const ask = () => cachedPromise(cache, 'key', () => Promise.resolve((made += 1)));
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(1);
  });

  it('does not keep what fails, and tells all who wait', async () => {
    const cache = new LRUCache<string, Promise<number>>({ max: 10 });
    const fail = () => cachedPromise(cache, 'key', () => Promise.reject(new Error('gone')));
    expect(await Promise.allSettled([fail(), fail()])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(await cachedPromise(cache, 'key', () => Promise.resolve(2))).toBe(2);
  });

  it('counts what values take, and lets the oldest go', async () => {
    const cache = new LRUCache<string, Promise<number>>({ max: 10, maxSize: 20 });
    const add = (key: string, size: number) =>
      cachedPromise(
        cache,
        key,
        () => Promise.resolve(size),
        (value) => value,
      );
    await add('first', 9);
    await add('second', 9);
    expect(cache.calculatedSize).toBe(20);
    await add('third', 3);
    expect([...cache.keys()].sort()).toEqual(['second', 'third']);
  });
});
