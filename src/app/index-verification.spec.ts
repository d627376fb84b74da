import { expect, it } from '@jest/globals';
import { describeVerification, isSound, verifyIndex } from './index-verification.js';

const image = { kind: 'IMAGE', compared: 5, differing: 0, missing: 0, deleted: 1 } as const;

it('measures each kind of vectors, and judges by recall and differences', async () => {
  const space = {
    compare: () => Promise.resolve([image]),
    recall: (kind: string) => Promise.resolve(kind === 'IMAGE' ? 0.97 : null),
  };
  const results = await verifyIndex(space, 10);
  expect(results).toEqual([
    { kind: 'IMAGE', recall: 0.97, comparison: image },
    { kind: 'CAPTION', recall: null, comparison: null },
  ]);
  expect(results.map(isSound)).toEqual([true, true]);
  expect(isSound({ kind: 'IMAGE', recall: 0.94, comparison: image })).toBe(false);
  expect(isSound({ kind: 'IMAGE', recall: 1, comparison: { ...image, missing: 1 } })).toBe(false);
});

it('says in words what was compared, and how a damaged index is made anew', () => {
  const whole = { kind: 'IMAGE', recall: 1, comparison: image } as const;
  expect(describeVerification(whole, 'data')).toMatch(/^recall@10 1; 5 vectors compared .* 1 are deleted since$/);
  const damaged = { ...whole, comparison: { ...image, differing: 2 } };
  expect(describeVerification(damaged, 'data')).toMatch(/2 differ.*index build.* makes the index anew$/);
  expect(describeVerification({ ...whole, recall: null }, 'data')).toMatch(/^not measured/);
});
