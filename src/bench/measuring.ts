/** Nearest-rank percentiles. */
export function percentiles(values: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Inputs a second of `work`, after one round that warms up. */
export async function rate(work: () => Promise<unknown>, inputs: number, seconds: number): Promise<number> {
  await work();
  const startedAt = performance.now();
  let rounds = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    await work();
    rounds += 1;
  }
  return round((rounds * inputs * 1000) / (performance.now() - startedAt));
}

/** Milliseconds of one `work` after the other. */
export async function latency(work: () => Promise<unknown>, seconds: number): Promise<ReturnType<typeof percentiles>> {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return percentiles(times);
}
