import { describe, expect, it } from '@jest/globals';
import { MaskQueue } from './mask-queue.js';

describe('the queue of masks', () => {
  it('takes masks of one image one after the other, at most 16 of them', () => {
    const queue = new MaskQueue<{ readonly imageKey: string }>();
    for (const imageKey of `abc${'a'.repeat(30)}b`) queue.put({ imageKey }, 'batch');
    const taken = Array.from({ length: 34 }, () => queue.take('batch')?.imageKey).join('');
    expect(taken).toBe(`${'a'.repeat(16)}bbc${'a'.repeat(15)}`);
    expect(queue.take('batch')).toBeUndefined();
  });

  it('has an item with one priority at a time', () => {
    const queue = new MaskQueue<{ readonly imageKey: string }>();
    const item = { imageKey: 'a' };
    queue.put(item, 'batch');
    queue.put(item, 'interactive');
    expect([queue.findPriority(item), queue.count('batch'), queue.take('batch')]).toEqual([
      'interactive',
      0,
      undefined,
    ]);
    queue.remove(item);
    expect([queue.findPriority(item), queue.drain()]).toEqual([null, []]);
  });
});
