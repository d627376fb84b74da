import type { Box } from '../../src/domain/figure.js';

/** Intersection over union. */
export function overlapOf(one: Box, other: Box = { x: 0, y: 0, width: 0, height: 0 }): number {
  const across = Math.max(0, Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x));
  const down = Math.max(0, Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y));
  return (across * down) / (one.width * one.height + other.width * other.height - across * down);
}
