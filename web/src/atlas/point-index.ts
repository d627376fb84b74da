import type { Point } from './view-box';

const side = 256;

interface Columns {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Points by the cells of a grid, to find those near a place without a look at all. */
export class PointIndex {
  /** Where the points of each cell begin in `rows`; one more than there are cells. */
  private readonly starts = new Uint32Array(side * side + 1);
  private readonly rows: Uint32Array;

  constructor(private readonly columns: Columns) {
    const { x, y } = columns;
    const cells = Uint32Array.from(x, (value, row) => cellOf(value) + side * cellOf(y[row] ?? 0));
    for (const cell of cells) this.starts[cell + 1] = (this.starts[cell + 1] ?? 0) + 1;
    for (let cell = 0; cell < side * side; cell++) {
      this.starts[cell + 1] = (this.starts[cell + 1] ?? 0) + (this.starts[cell] ?? 0);
    }
    const next = this.starts.slice();
    this.rows = new Uint32Array(x.length);
    for (const [row, cell] of cells.entries()) {
      const place = next[cell] ?? 0;
      this.rows[place] = row;
      next[cell] = place + 1;
    }
  }

  /** The point nearest to a place, at most `radius` away; null where there is none. */
  nearest(place: Point, radius: number): number | null {
    let best: number | null = null;
    let least = radius * radius;
    this.visit({ ...place, radius }, (row, distance) => {
      if (distance > least) return;
      least = distance;
      best = row;
    });
    return best;
  }

  /** All points inside a polygon, in their order. */
  inside(polygon: readonly Point[]): readonly number[] {
    const xs = polygon.map(({ x }) => x);
    const ys = polygon.map(({ y }) => y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const found: number[] = [];
    this.columns.x.forEach((x, row) => {
      const y = this.columns.y[row] ?? 0;
      if (x < left || x > right || y < top || y > bottom) return;
      if (isInside({ x, y }, polygon)) found.push(row);
    });
    return found;
  }

  private visit(
    { x, y, radius }: Point & { readonly radius: number },
    see: (row: number, squaredDistance: number) => void,
  ): void {
    for (let cy = cellOf(y - radius); cy <= cellOf(y + radius); cy++) {
      for (let cx = cellOf(x - radius); cx <= cellOf(x + radius); cx++) {
        const cell = cx + side * cy;
        for (let at = this.starts[cell] ?? 0; at < (this.starts[cell + 1] ?? 0); at++) {
          const row = this.rows[at] ?? 0;
          see(row, ((this.columns.x[row] ?? 0) - x) ** 2 + ((this.columns.y[row] ?? 0) - y) ** 2);
        }
      }
    }
  }
}

function cellOf(value: number): number {
  return Math.min(side - 1, Math.max(0, Math.floor(value * side)));
}

/** By the number of edges that a line to the right crosses. */
function isInside({ x, y }: Point, polygon: readonly Point[]): boolean {
  let isIn = false;
  for (const [at, one] of polygon.entries()) {
    const other = polygon[(at + 1) % polygon.length] ?? one;
    if (one.y > y === other.y > y) continue;
    if (x < one.x + ((y - one.y) * (other.x - one.x)) / (other.y - one.y)) isIn = !isIn;
  }
  return isIn;
}
