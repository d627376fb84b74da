import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What is asked when the end comes may be answered for so long; a balancer needs no more. */
const graceMs = 5000;
const lookEveryMs = 100;
const signals = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const;

/**
 * Ends the connections of a server that is told to end, which would wait for them: of clients that go on at once, of a slow
 * upload after some seconds. A second signal ends the process at once.
 */
export function closeConnectionsAtSignal(server: Server): void {
  let isStopping = false;
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (isStopping) response.setHeader('Connection', 'close');
  });
  for (const [signal, number] of signals) {
    // Before Nest's own listener, which only begins to wait.
    process.prependListener(signal, () => {
      if (isStopping) {
        // Nest takes its listener away when all is closed, and sends the signal again to end the process by it.
        const isClosed = process.listenerCount(signal) === 1;
        if (!isClosed) console.error(`figseek: a second signal (${signal}); ended at once`);
        process.exit(128 + number);
      }
      isStopping = true;
      // Nest sends the signal again when all is closed, but the process may run out of work before that signal arrives.
      process.exitCode = 128 + number;
      setInterval(() => {
        server.closeIdleConnections();
      }, lookEveryMs).unref();
      setTimeout(() => {
        server.closeAllConnections();
      }, graceMs).unref();
    });
  }
}
