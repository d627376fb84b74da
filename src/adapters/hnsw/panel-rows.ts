const minCapacity = 1024;

/** The row of each panel among the vectors of one kind: those of the segment first, then those of the delta. */
export class PanelRows {
  /** Row + 1 by panel number; 0: none. */
  private rows = new Uint32Array(minCapacity);

  /** A panel that is set again has its newest vector. */
  set(panel: number, row: number): void {
    if (panel >= this.rows.length) {
      const grown = new Uint32Array(Math.max(panel + 1, Math.ceil(1.5 * this.rows.length)));
      grown.set(this.rows);
      this.rows = grown;
    }
    this.rows[panel] = row + 1;
  }

  /** Null where the panel has no vector of the kind. */
  rowOf(panel: number): number | null {
    const row = this.rows[panel] ?? 0;
    return row === 0 ? null : row - 1;
  }
}
