/** Panels with their scores, by place. */
export interface ScoredPanels {
  readonly panels: Uint32Array;
  readonly scores: Float64Array;
}

/** The best of many offered panels: a heap of numbers whose root is the worst that is kept, so that most offers are one comparison. */
export class BestPanels {
  private readonly panels: Uint32Array;
  private readonly scores: Float64Array;
  private size = 0;

  constructor(private readonly k: number) {
    this.panels = new Uint32Array(k);
    this.scores = new Float64Array(k);
  }

  /** Whether an offer would be kept. */
  isGood(panel: number, score: number): boolean {
    return this.size < this.k || (this.k > 0 && this.isWorse(0, panel, score));
  }

  offer(panel: number, score: number): void {
    if (!this.isGood(panel, score)) return;
    if (this.size < this.k) this.rise(this.size++, panel, score);
    else this.sink(panel, score);
  }

  /** Best first; of equal ones the lower number. It is used up. */
  take(): ScoredPanels {
    const order = Uint32Array.from({ length: this.size }, (_, at) => at).sort((a, b) => this.compare(a, b));
    return {
      panels: Uint32Array.from(order, (at) => this.panels[at] ?? 0),
      scores: Float64Array.from(order, (at) => this.scores[at] ?? 0),
    };
  }

  private compare(a: number, b: number): number {
    return (this.scores[b] ?? 0) - (this.scores[a] ?? 0) || (this.panels[a] ?? 0) - (this.panels[b] ?? 0);
  }

  /** Whether what stands at a place is worse than a panel with a score. */
  private isWorse(at: number, panel: number, score: number): boolean {
    const own = this.scores[at] ?? 0;
    return own < score || (own === score && (this.panels[at] ?? 0) > panel);
  }

  private set(at: number, panel: number, score: number): void {
    this.panels[at] = panel;
    this.scores[at] = score;
  }

  /** Puts a panel at a free place, or nearer to the root. */
  private rise(free: number, panel: number, score: number): void {
    let at = free;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // A parent is worse than its children.
      if (this.isWorse(parent, panel, score)) break;
      this.set(at, this.panels[parent] ?? 0, this.scores[parent] ?? 0);
      at = parent;
    }
    this.set(at, panel, score);
  }

  /** Puts a panel in the place of the root, or farther from it. */
  private sink(panel: number, score: number): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.size) break;
      const right = left + 1;
      const worse = right < this.size && this.compare(left, right) < 0 ? right : left;
      if (!this.isWorse(worse, panel, score)) break;
      this.set(at, this.panels[worse] ?? 0, this.scores[worse] ?? 0);
      at = worse;
    }
    this.set(at, panel, score);
  }
}
