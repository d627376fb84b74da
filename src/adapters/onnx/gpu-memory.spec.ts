import { expect, it } from '@jest/globals';
import { usedBy } from './gpu-memory.js';

it('finds a process in what nvidia-smi lists, on all its GPUs', () => {
  const listing = '812, 512\n4711, 2048\n4711, 100\n';
  expect([usedBy(listing, 4711), usedBy(listing, 47), usedBy('', 4711)]).toEqual([2148, null, null]);
});

it('takes a number that is not told for none', () => {
  expect(usedBy('4711, [N/A]\n', 4711)).toBeNull();
});
