import { describe, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { SharedRead } from './shared-read.js';

describe('SharedRead', () => {
  it('reads once for all who ask while another read is under way, and never gives what was read before', async () => {
    let value = 0;
    let reads = 0;
    const shared = new SharedRead(async () => {
      reads++;
      const seen = value;
      await setTimeout(5);
      return seen;
    });
    const first = shared.get();
    value = 1;
    const later = Array.from({ length: 10 }, () => shared.get());
    expect(await first).toBe(0);
    expect(await Promise.all(later)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(reads).toBe(2);
    value = 2;
    expect(await shared.get()).toBe(2);
    expect(reads).toBe(3);
  });

  it('passes a failure to those whose read failed alone', async () => {
    let fails = true;
    const shared = new SharedRead(async () => {
      await setTimeout(1);
      if (fails) throw new Error('no database');
      return 'state';
    });
    const first = shared.get();
    const second = shared.get();
    await expect(first).rejects.toThrow('no database');
    fails = false;
    expect(await second).toBe('state');
    expect(await shared.get()).toBe('state');
  });
});
