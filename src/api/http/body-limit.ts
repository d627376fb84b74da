import type { NextFunction, Request, Response } from 'express';

/** A multipart form around an image has some lines of its own. */
const formBytes = 65_536;
const lookEveryMs = 100;

/** The most bytes of a request's body, and the setting that gives them. */
export interface BodyLimit {
  readonly bytes: number;
  readonly setting: string;
}

/** A client that still sends reads no answer: it may end its body for so long. */
const endsWithinMs = 2000;

/**
 * Refuses a body that is too large, also one that never ends: the parsers behind it would read all of it first.
 * Its connection is closed after the answer.
 */
export function limitBody(limitOf: (request: Request) => BodyLimit) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const { bytes, setting } = limitOf(request);
    const most = bytes + (request.is('multipart/form-data') === false ? 0 : formBytes);
    const told = Number(request.headers['content-length'] ?? 0);
    if (told > most) {
      request.resume();
      const refuse = () => {
        refuseBody(response, `Expected at most ${bytes} bytes (${setting}) but received ${told}`);
      };
      request.once('end', refuse);
      setTimeout(refuse, endsWithinMs).unref();
      return;
    }
    if (request.headers['transfer-encoding'] !== undefined) {
      watch(request, most, () => {
        refuseBody(response, `Expected at most ${bytes} bytes (${setting}) but received more`);
      });
    }
    next();
  };
}

/** Tells of a body of unknown length that has grown too large for some seconds. */
function watch(request: Request, most: number, onTooLarge: () => void): void {
  const { socket } = request;
  const before = socket.bytesRead;
  let since: number | null = null;
  const timer = setInterval(() => {
    if (request.complete || socket.destroyed) {
      clearInterval(timer);
    } else if (socket.bytesRead - before > most) {
      since ??= Date.now();
      if (Date.now() - since < endsWithinMs) return;
      clearInterval(timer);
      onTooLarge();
    }
  }, lookEveryMs);
  timer.unref();
}

function refuseBody(response: Response, message: string): void {
  if (response.headersSent || response.destroyed) return;
  response.set('Connection', 'close').status(413);
  response.json({ error: { code: 'PAYLOAD_TOO_LARGE', message } });
}
