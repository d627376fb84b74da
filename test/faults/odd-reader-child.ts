/** A process that reads images, as it looks from outside when a file ends it, hangs it, or takes its time: by the first byte. */
import { replyToParent } from '../../src/adapters/onnx/reply-to-parent.js';
import type { ReadAnswer, ReadWork } from '../../src/adapters/onnx/image-reader-messages.js';

replyToParent(
  async ({ image }: ReadWork): Promise<ReadAnswer> => {
    const bytes = image instanceof Uint8Array ? image : new Uint8Array(1);
    const [way] = bytes;
    if (way === 0) process.kill(process.pid, 'SIGKILL');
    if (way === 1) await new Promise(() => undefined);
    if (way === 2) await new Promise((resolve) => setTimeout(resolve, 100));
    return {
      kind: 'read',
      result: { width: 1, height: 1, isTransposed: false, pages: 1, range: null, parts: [bytes] },
    };
  },
  (): ReadAnswer => ({ kind: 'refused', code: 'INTERNAL_SERVER_ERROR', message: 'not here' }),
);
