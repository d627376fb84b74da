/** An inference child that takes its time to load and dies on any run: none may come when nobody waits any more. */
import type { Request } from '../../src/platform/worker-process.js';
import type { Work } from '../../src/adapters/onnx/messages.js';

process.on('message', ({ id, work }: Request<Work>) => {
  if (work.kind !== 'load') process.kill(process.pid, 'SIGKILL');
  else
    setTimeout(
      () => process.send?.({ id, answer: { kind: 'loaded', loaded: { provider: 'cpu', failures: [] } }, ms: 0 }),
      400,
    );
});
process.on('disconnect', () => process.exit(0));
