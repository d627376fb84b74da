import type { Request } from '../../platform/worker-process.js';

/** In a child: answers its parent's requests until the parent is gone. */
export function replyToParent<Work, Answer>(
  answer: (work: Work) => Promise<Answer>,
  failed: (error: unknown) => Answer,
): void {
  // One request at a time: the parent sends the next one when this one is answered.
  process.on('message', ({ id, work }: Request<Work>) => {
    const startedAt = performance.now();
    void answer(work)
      .catch(failed)
      .then((reply) => {
        // Without a callback, that the parent is gone meanwhile would end this process with a stack trace.
        process.send?.({ id, answer: reply, ms: performance.now() - startedAt }, () => undefined);
      });
  });
  // Ctrl-C on a terminal goes to all processes: the parent decides what ends, and when.
  process.on('SIGINT', () => undefined);
  // Also by kill -9: nobody waits for an answer any more.
  process.on('disconnect', () => process.exit(0));
}
