import type { LRUCache } from 'lru-cache';

/**
 * What a cache holds under a key, else what `make` gives: once for all who ask meanwhile. What fails is not kept.
 * @param sizeOf for a cache with a `maxSize`: what a value takes of it; until the value is there it takes 1
 */
export function cachedPromise<Value>(
  cache: LRUCache<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
  sizeOf: ((value: Value) => number) | null = null,
): Promise<Value> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made, sizeOf === null ? {} : { size: 1 });
  made.then(
    (value) => {
      if (sizeOf === null || cache.peek(key) !== made) return;
      // To set the same value again would leave its size as it is.
      cache.delete(key);
      cache.set(key, made, { size: 1 + sizeOf(value) });
    },
    () => {
      if (cache.peek(key) === made) cache.delete(key);
    },
  );
  return made;
}
