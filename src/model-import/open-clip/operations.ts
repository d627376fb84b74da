import type { ImageTower } from './image-tower.js';

type Sizes = Pick<ImageTower, 'width' | 'mlp' | 'depth' | 'grid' | 'patch' | 'embedding'>;

/**
 * Floating-point operations of the matrix products of one image, a product and a sum as two. The last block computes
 * keys and values of all tokens, and the rest of the class token alone.
 */
export function imageOperations({ width, mlp, depth, grid, patch, embedding }: Sizes): number {
  const tokens = grid ** 2 + 1;
  const token = 4 * width ** 2 + 2 * width * mlp;
  const block = tokens * token + 2 * tokens ** 2 * width;
  const lastBlock = tokens * 2 * width ** 2 + 2 * width ** 2 + 2 * width * mlp + 2 * tokens * width;
  const patches = grid ** 2 * 3 * patch ** 2 * width;
  return 2 * (patches + (depth - 1) * block + lastBlock + width * embedding);
}
