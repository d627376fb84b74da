import type { NextFunction, Request, Response } from 'express';

const lookEveryMs = 5000;

/** How long a body may take. */
interface BodyPace {
  /** So long it may take in any case. */
  readonly ms: number;
  /** After that it has to come at this speed, counted from its beginning. */
  readonly bytesPerSecond: number;
}

const defaultPace: BodyPace = { ms: 300_000, bytesPerSecond: 10_000 };

/**
 * Ends a body that comes too slowly. Node ends every request after a fixed time (`requestTimeout`, which is to be 0 beside this),
 * in which a large file over a slow line cannot come.
 */
export function limitBodyTime({ ms, bytesPerSecond }: BodyPace = defaultPace, everyMs = lookEveryMs) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const { socket } = request;
    const [before, begun] = [socket.bytesRead, performance.now()];
    const timer = setInterval(() => {
      if (request.complete || socket.destroyed || response.writableEnded) {
        clearInterval(timer);
        return;
      }
      const neededMs = ((socket.bytesRead - before) / bytesPerSecond) * 1000;
      if (performance.now() - begun < Math.max(ms, neededMs)) return;
      clearInterval(timer);
      refuse(response, `Expected the body within ${ms / 1000} s, or at ${bytesPerSecond} bytes a second or faster`);
    }, everyMs);
    timer.unref();
    response.once('close', () => {
      clearInterval(timer);
    });
    next();
  };
}

function refuse(response: Response, message: string): void {
  if (response.headersSent || response.destroyed) return;
  response.set('Connection', 'close').status(408);
  response.json({ error: { code: 'TIMEOUT', message } });
}
