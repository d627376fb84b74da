// Loaded into a server by `node --import`: answers a message by how long its event loop was held since the last one, in ms.
import { monitorEventLoopDelay } from 'node:perf_hooks';

// The server's own children are started with the same arguments, and speak a language of their own.
if (process.argv[1]?.endsWith('cli.js')) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const ms = (nanoseconds) => Math.round(nanoseconds / 1e4) / 100;
  process.on('message', () => {
    process.send?.({ p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) });
    delay.reset();
  });
  process.channel?.unref();
}
