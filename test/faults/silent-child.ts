/** An inference child that loads at once and then never answers: what a hung driver looks like from outside. */
import type { Request } from '../../src/platform/worker-process.js';
import type { Work } from '../../src/adapters/onnx/messages.js';

process.on('message', ({ id, work }: Request<Work>) => {
  if (work.kind !== 'load') return;
  process.send?.({ id, answer: { kind: 'loaded', loaded: { provider: 'cpu', failures: [] } }, ms: 0 });
});
process.on('disconnect', () => process.exit(0));
