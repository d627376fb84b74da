/** An inference child that loads at once and then never answers: what a hung driver looks like from outside. */
import type { Request } from '../../src/inference/messages.js';

process.on('message', ({ id, work }: Request) => {
  if (work.kind !== 'load') return;
  process.send?.({ id, answer: { kind: 'loaded', loaded: { provider: 'cpu', failures: [] } } });
});
process.on('disconnect', () => process.exit(0));
