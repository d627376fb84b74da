import { describe, expect, it } from '@jest/globals';
import { joinWindows, windowsOver } from './heat-windows.js';

/** Every window says the same: a map with a hole would differ there. */
function evenMap(width: number, height: number, grid: number): Float32Array {
  const windows = windowsOver(width, height, grid).map((window) => {
    // What a patch adds grows evenly to the right of the image, so that nothing is constant.
    const values = Float32Array.from({ length: 1 + grid ** 2 }, (_, i) => {
      const column = i === 0 ? grid / 2 : (i - 1) % grid;
      return window.x + (column + 0.5) / grid / window.scale;
    });
    return { ...window, values };
  });
  return joinWindows(width, height, grid, windows).values;
}

describe('heat maps of windows', () => {
  it.each([
    [1776, 896, 14],
    [139, 56, 7],
    [2338, 784, 7],
    [896, 1776, 14],
    [300, 300, 7],
  ])('cover every cell of an image of %d × %d', (width, height, grid) => {
    const map = evenMap(width, height, grid);
    expect(Math.min(...map)).toBeGreaterThan(-12);
    expect(Math.max(...map)).toBeLessThan(12);
  });

  it('gives a long strip fewer scales, and none to one that is too long', () => {
    const scalesOf = (width: number) => new Set(windowsOver(width, 100, 7).map(({ scale }) => scale)).size;
    expect([scalesOf(100), scalesOf(600), scalesOf(20_000)]).toEqual([3, 2, 0]);
  });
});
