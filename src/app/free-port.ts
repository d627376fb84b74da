import { once } from 'node:events';
import { createServer } from 'node:net';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';

/** Tells at once that a port cannot be had, before a model is loaded. @throws {FigseekError} BAD_USER_INPUT */
export async function assertPortFree(port: number, host: string): Promise<void> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    throw portFault(port, host, cause);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Why the server cannot listen, and what to do. */
export function portFault(port: number, host: string, cause: unknown): FigseekError {
  const advice =
    systemCodeOf(cause) === 'EADDRINUSE'
      ? '; another program listens there: end it, or give another port by --port or FIGSEEK_PORT'
      : '';
  return new FigseekError(
    'BAD_USER_INPUT',
    `The server cannot listen on ${host}:${port}: ${messageOf(cause)}${advice}`,
    {
      cause,
    },
  );
}
