/** What was found for a query: its row or number, and how well it fits. */
export interface Neighbor {
  readonly row: number;
  readonly score: number;
}

/** Best first; ties by row, so that answers are stable. */
function byScore(a: Neighbor, b: Neighbor): number {
  return b.score - a.score || a.row - b.row;
}

/** Keeps the `k` best of what it is offered. */
export class TopK {
  private readonly kept: Neighbor[] = [];
  private worst = -Infinity;

  constructor(private readonly k: number) {}

  offer(row: number, score: number): void {
    if (this.kept.length >= this.k && score < this.worst) return;
    this.kept.push({ row, score });
    // Cut back only now and then: sorting at each offer would cost more than the scan.
    if (this.kept.length >= 2 * this.k + 16) this.cut();
  }

  result(): readonly Neighbor[] {
    this.cut();
    return this.kept;
  }

  private cut(): void {
    this.kept.sort(byScore);
    this.kept.length = Math.min(this.kept.length, this.k);
    if (this.kept.length === this.k) this.worst = this.kept.at(-1)?.score ?? -Infinity;
  }
}
