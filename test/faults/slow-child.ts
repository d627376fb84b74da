/** An inference child that takes its time to load and dies on any run: none may come when nobody waits any more. */
import type { Request } from '../../src/inference/messages.js';

process.on('message', ({ id, work }: Request) => {
  if (work.kind !== 'load') process.kill(process.pid, 'SIGKILL');
  else
    setTimeout(
      () => process.send?.({ id, answer: { kind: 'loaded', loaded: { provider: 'cpu', failures: [] } } }),
      400,
    );
});
process.on('disconnect', () => process.exit(0));
