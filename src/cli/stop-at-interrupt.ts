import { exitCodes } from './exit.js';
import { printNote } from './output.js';

/** Ctrl-C and SIGTERM abort the signal and say so by `note`; a second one ends the process at once. */
export function stopAtInterrupt(note: string): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted);
      controller.abort();
      printNote(note);
    });
  }
  return controller.signal;
}
