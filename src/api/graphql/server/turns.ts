const sliceMs = 15;
/** After so many the event loop looks for other work. */
const concurrency = 5;

/** Divides the work of all requests into slices: between two of them whoever else waits is answered. */
export class Turns {
  private startedAt = 0;
  private isRunning = false;
  private readonly waiting: (() => void)[] = [];

  /** @returns null where the work may go on at once, else what to wait for */
  take(): Promise<void> | null {
    if (!this.isRunning) this.begin();
    if (this.waiting.length === 0 && performance.now() - this.startedAt < sliceMs) return null;
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  private begin(): void {
    this.isRunning = true;
    this.startedAt = performance.now();
    setImmediate(() => {
      this.next();
    });
  }

  private next(): void {
    this.isRunning = false;
    if (this.waiting.length === 0) return;
    this.begin();
    for (const resolve of this.waiting.splice(0, concurrency)) resolve();
  }
}

/** Runs a few works at once, in the order of their coming. */
export class Lane {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  async run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    if (this.running >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await work();
    } finally {
      // The place goes to the next one; without one it is free.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
