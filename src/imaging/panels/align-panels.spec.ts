import { describe, expect, it } from '@jest/globals';
import { alignPanels } from './align-panels.js';

const box = (x: number, y: number, width = 100, height = 100) => ({ x, y, width, height });
/** Two rows of two, as a model gives them: best first, with edges that overlap. */
const grid = [box(98, 0, 102, 104), box(0, 100), box(0, 0, 103, 102), box(100, 98, 100, 102)];
const four = '(A) One. (B) Two. (C) Three. (D) Four.';

describe('panels that a model found', () => {
  it('get letters in reading order where there are as many as the caption has parts', () => {
    const { origin, panels, suggestion } = alignPanels(grid, four, 'DETECTOR');
    expect({ origin, suggestion }).toEqual({ origin: 'DETECTOR', suggestion: null });
    expect(panels).toEqual([
      { label: 'A', caption: 'One.', box: grid[2] },
      { label: 'B', caption: 'Two.', box: grid[0] },
      { label: 'C', caption: 'Three.', box: grid[1] },
      { label: 'D', caption: 'Four.', box: grid[3] },
    ]);
  });

  it('are a suggestion in reading order where the caption has more parts, fewer or none', () => {
    const parts = [
      { label: 'A', caption: 'One.' },
      { label: 'B', caption: 'Two.' },
    ];
    const boxes = [grid[2], grid[0], grid[1], grid[3]];
    const origin = 'DETECTOR';
    expect(alignPanels(grid, '(A) One. (B) Two.', origin)).toEqual({
      ...{ origin, panels: [] },
      suggestion: { origin, boxes, parts },
    });
    expect(alignPanels(grid.slice(0, 3), four, origin)).toMatchObject({
      panels: [],
      suggestion: { boxes: { length: 3 } },
    });
    expect(alignPanels(grid, 'Four images.', origin).suggestion).toEqual({ origin, boxes, parts: [] });
  });

  it('are none where there are fewer than two', () => {
    const nothing = { origin: 'DETECTOR', panels: [], suggestion: null };
    expect(alignPanels([box(0, 0)], four, 'DETECTOR')).toEqual(nothing);
    expect(alignPanels([], 'One image.', 'DETECTOR')).toEqual(nothing);
  });

  it('follow the columns that the caption names together', () => {
    const columns = [box(0, 0), box(0, 100), box(0, 200), box(100, 0), box(100, 100), box(100, 200)];
    const { panels } = alignPanels([...columns].reverse(), '(A–C) Control. (D–F) Treated.', 'DETECTOR');
    expect(panels.map((panel) => panel.box)).toEqual(columns);
  });
});
