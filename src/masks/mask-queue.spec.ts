import { describe, expect, it } from '@jest/globals';
import { MaskQueue } from './mask-queue.js';

describe('the queue of masks', () => {
  it('takes those of one picture in a row, but not for ever', () => {
    const queue = new MaskQueue<{ readonly picture: string }>();
    for (let i = 0; i < 40; i++) queue.put({ picture: 'a' }, 'bulk');
    for (let i = 0; i < 2; i++) queue.put({ picture: 'b' }, 'bulk');
    for (let i = 0; i < 2; i++) queue.put({ picture: 'a' }, 'bulk');
    const taken = Array.from({ length: 44 }, () => queue.take('bulk')?.picture).join('');
    expect(taken).toBe(`${'a'.repeat(42)}bb`);
    expect(queue.take('bulk')).toBeUndefined();
    queue.put({ picture: 'c' }, 'bulk');
    for (let i = 0; i < 30; i++) queue.put({ picture: 'b' }, 'bulk');
    const next = Array.from({ length: 31 }, () => queue.take('bulk')?.picture).join('');
    expect(next).toBe(`${'b'.repeat(14)}c${'b'.repeat(16)}`);
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
