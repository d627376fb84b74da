import { expect, it } from '@jest/globals';
import { imageOperations } from './operations.js';

it('counts 32.7 GFLOP for an image of ViT-B/16, where computing all of the last block would take 35.1', () => {
  const sizes = { width: 768, depth: 12, mlp: 3072, patch: 16, grid: 14, embedding: 512 };
  expect(imageOperations(sizes) / 1e9).toBeCloseTo(32.7, 1);
});
