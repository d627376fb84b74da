import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadPageModule } from '../support/page-module.js';

interface Row {
  readonly kind: 'figures' | 'line';
  readonly isFull: boolean;
  readonly places: readonly { readonly index: number; readonly width: number }[];
}

interface Rows {
  readonly rows: readonly Row[];
}

interface Shaped {
  readonly figure: { readonly id: string; readonly width: number; readonly height: number };
}

/** The part of web/src/search/grid-rows.ts that is tested. */
interface GridRowsModule {
  readonly noRows: Rows;
  readonly extendRows: (before: Rows, hits: readonly Shaped[], matching: number | null, width: number) => Rows;
}

const width = 1013;

/** Pictures of many shapes. */
function shaped(count: number): readonly Shaped[] {
  return Array.from({ length: count }, (_, at) => ({
    figure: { id: `fig_${at}`, width: 300 + ((at * 7919) % 900), height: 300 + ((at * 104_729) % 600) },
  }));
}

describe('the rows of the grid of the page', () => {
  let grid: GridRowsModule;
  beforeAll(async () => {
    grid = await loadPageModule<GridRowsModule>('search/grid-rows.ts');
  });

  it('hold all figures in order and fill the width', () => {
    const { rows } = grid.extendRows(grid.noRows, shaped(500), null, width);
    expect(rows.flatMap(({ places }) => places.map(({ index }) => index))).toEqual([...shaped(500).keys()]);
    for (const { places } of rows.slice(0, -1)) {
      const filled = places.reduce((sum, place) => sum + place.width, 8 * (places.length - 1));
      expect(filled).toBeLessThanOrEqual(width);
      expect(filled).toBeGreaterThan(width - places.length - 8);
    }
  });

  it.each([null, 120, 480, 510])('are the same objects when a page comes (line behind %p figures)', (matching) => {
    const hits = shaped(540);
    const before = grid.extendRows(grid.noRows, hits.slice(0, 500), matching, width);
    const after = grid.extendRows(before, hits, matching, width);
    expect(after.rows).toEqual(grid.extendRows(grid.noRows, hits, matching, width).rows);
    // Without a line, the row at the end alone was not full; a line ends another one.
    const kept = before.rows.filter((row) => after.rows.includes(row));
    expect(kept.length).toBeGreaterThanOrEqual(before.rows.filter(({ isFull }) => isFull).length - 3);
    expect(after.rows[0]).toBe(before.rows[0]);
  });

  it('are made anew behind a figure that was removed, and for another width', () => {
    const hits = shaped(300);
    const before = grid.extendRows(grid.noRows, hits, null, width);
    const fewer = [...hits.slice(0, 100), ...hits.slice(101)];
    const after = grid.extendRows(before, fewer, null, width);
    expect(after.rows).toEqual(grid.extendRows(grid.noRows, fewer, null, width).rows);
    expect(after.rows[3]).toBe(before.rows[3]);
    const narrower = grid.extendRows(before, hits, null, 700);
    expect(narrower.rows).toEqual(grid.extendRows(grid.noRows, hits, null, 700).rows);
  });
});
