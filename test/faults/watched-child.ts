/** Loaded into a server by `node --import`: answers a message by how long its event loop was held since the last one, and by its memory. */
import { existsSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** In ms and bytes. */
export interface Watched {
  /** The longest time that the event loop was at work without a look at its timers; what other processes took is not counted. */
  readonly heldMs: number;
  readonly memory: number;
  readonly peakMemory: number;
}

const tickMs = 5;
const statistics = '/proc/self/schedstat';
const hasStatistics = existsSync(statistics);

/** Time that this thread has run, in ms. Where the system does not tell, time that has passed. */
function ranMs(): number {
  if (!hasStatistics) return performance.now();
  const [nanoseconds = ''] = readFileSync(statistics, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

// The server's threads load it as well, and have no parent to answer.
if (isMainThread && process.send !== undefined) {
  let [before, heldMs, peakMemory] = [ranMs(), 0, 0];
  const look = (): number => {
    const { rss } = process.memoryUsage();
    peakMemory = Math.max(peakMemory, rss);
    return rss;
  };
  const tick = (): void => {
    const now = ranMs();
    heldMs = Math.max(heldMs, now - before);
    before = now;
  };
  setInterval(tick, tickMs).unref();
  setInterval(look, 50).unref();
  process.on('message', () => {
    const memory = look();
    tick();
    process.send?.({ heldMs: Math.round(heldMs), memory, peakMemory } satisfies Watched);
    [peakMemory, heldMs] = [memory, 0];
  });
  process.channel?.unref();
}
