/** Loaded into a server by `node --import`: answers a message by how long its event loop was held since the last one, and by its memory. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** In ms and bytes. */
export interface Watched {
  readonly heldMs: number;
  readonly memory: number;
  readonly peakMemory: number;
}

// The server's threads load it as well, and have no parent to answer.
if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let peakMemory = 0;
  const look = (): number => {
    const { rss } = process.memoryUsage();
    peakMemory = Math.max(peakMemory, rss);
    return rss;
  };
  setInterval(look, 50).unref();
  process.on('message', () => {
    const memory = look();
    process.send?.({ heldMs: Math.round(delay.max / 1e6), memory, peakMemory } satisfies Watched);
    peakMemory = memory;
    delay.reset();
  });
  process.channel?.unref();
}
