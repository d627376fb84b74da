/**
 * A background process: one task that takes long, with its own model, so that neither its work nor its end touches the server.
 * It tells its parent how far it is, and ends with it.
 */
import { FigseekError, messageOf } from '../../domain/errors.js';
import type { WorkReporter } from '../../ports/work-reporter.js';
import { ingestInBackground } from './ingest-work.js';
import { cancelMessage, type Order, type Report } from './messages.js';
import { runModelTask } from './model-work.js';

/** A bar on a page needs no more. */
const stepEveryMs = 200;

const end = new AbortController();
let isIngest = false;

function report(message: Report): Promise<void> {
  return new Promise((resolve) => {
    // Without a callback, that the parent is gone meanwhile would end this process with a stack trace.
    if (process.send === undefined) resolve();
    else
      process.send(message, () => {
        resolve();
      });
  });
}

const reporter: WorkReporter = {
  tell: (line) => {
    void report({ kind: 'told', line });
  },
  track: async (what, total, work, unit = 'items') => {
    let last = -Infinity;
    const at = (done: number): void => {
      const now = performance.now();
      if (now - last < stepEveryMs) return;
      last = now;
      void report({ kind: 'step', step: { what, done, total, unit } });
    };
    at(0);
    try {
      return await work(at);
    } finally {
      void report({ kind: 'step', step: null });
    }
  },
};

async function perform({ config, work }: Order): Promise<void> {
  isIngest = work.kind === 'INGEST';
  try {
    const result =
      work.kind === 'MODEL'
        ? await runModelTask(config, work.task, reporter)
        : await ingestInBackground(config, work, {
            ...{ reporter, signal: end.signal },
            onBegin: (runId) => void report({ kind: 'begun', runId }),
          });
    await report({ kind: 'done', result });
  } catch (error) {
    const code = error instanceof FigseekError ? error.code : null;
    if (code === null) console.error(error);
    await report({ kind: 'failed', code, message: messageOf(error) });
  }
  process.exit();
}

process.on('message', (message: Order | typeof cancelMessage) => {
  if (message !== cancelMessage) void perform(message);
  // A run of a model cannot be stopped. An ingest ends after its batch.
  else if (isIngest) end.abort();
  else process.exit(1);
});
// Ctrl-C on a terminal goes to all processes: the parent decides what ends, and when.
process.on('SIGINT', () => undefined);
// Also by kill -9: nobody would be told how it ended, and the next start goes on from what is stored.
process.on('disconnect', () => process.exit(1));
