import { expect, it } from '@jest/globals';
import { imageOperations } from './operations.js';

it('counts 32.7 GFLOP for an image of ViT-B/16, where computing all of the last block would take 35.1', () => {
  const sizes = {
    ...{ imageWidth: 768, imageDepth: 12, imageMlp: 3072, patch: 16, grid: 14, embedding: 512 },
    ...{ textWidth: 768, textDepth: 12, textMlp: 3072, vocabulary: 30_522, positions: 512, projection: 640 },
  };
  expect(imageOperations(sizes) / 1e9).toBeCloseTo(32.7, 1);
});
