import { describe, expect, it } from '@jest/globals';
import { MaskQueue } from './mask-queue.js';

describe('the queue of masks', () => {
  it('takes those of one picture in a row, but not for ever', () => {
    const queue = new MaskQueue<{ readonly picture: string }>();
    for (const picture of `abc${'a'.repeat(30)}b`) queue.put({ picture }, 'bulk');
    const taken = Array.from({ length: 34 }, () => queue.take('bulk')?.picture).join('');
    expect(taken).toBe(`${'a'.repeat(16)}bbc${'a'.repeat(15)}`);
    expect(queue.take('bulk')).toBeUndefined();
  });

  it('has an item in one lane at a time', () => {
    const queue = new MaskQueue<{ readonly picture: string }>();
    const item = { picture: 'a' };
    queue.put(item, 'bulk');
    queue.put(item, 'waited');
    expect([queue.laneOf(item), queue.lengthOf('bulk'), queue.take('bulk')]).toEqual(['waited', 0, undefined]);
    queue.remove(item);
    expect([queue.laneOf(item), queue.drain()]).toEqual([null, []]);
  });
});
