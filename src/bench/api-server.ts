/** The server in a process of its own, which tells how long its event loop was held: for `figseek bench api`. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createServer } from '../app/http-server.js';
import { loadConfig } from '../app/config.js';
import { ActiveModel } from '../app/active-model.js';

const app = await createServer(loadConfig());
await app.get(ActiveModel).current.space.ensureBuilt();
await app.listen(0, '127.0.0.1');

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('message', () => {
  const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1e4) / 100;
  process.send?.({ p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) });
  delay.reset();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: await app.getUrl() });
