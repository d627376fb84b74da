import type { NextFunction, Request, Response } from 'express';

/** Uploads at once: each holds its bytes in memory until it is decoded and written. */
const maxUploads = 8;

/** A client that sends nothing for so long gives its place to others. */
const maxPauseMs = 30_000;

/** Lets a few uploads in at a time, before a byte of the body is read. @param pauseMs longest pause of a client that sends */
export function admitUploads(pauseMs = maxPauseMs): (request: Request, response: Response, next: NextFunction) => void {
  let running = 0;
  return (request, response, next) => {
    if (request.method !== 'POST') {
      next();
      return;
    }
    if (running >= maxUploads) {
      const message = `Expected at most ${maxUploads} uploads at once; try again in a moment`;
      response.set({ 'Retry-After': '1', Connection: 'close' }).status(429);
      response.json({ error: { code: 'RATE_LIMITED', message } });
      return;
    }
    running += 1;
    request.setTimeout(pauseMs, () => {
      const message = `Expected the body of the upload but nothing came for ${pauseMs / 1000} s`;
      response
        .set('Connection', 'close')
        .status(408)
        .json({ error: { code: 'TIMEOUT', message } });
    });
    request.once('end', () => request.setTimeout(0));
    response.once('close', () => {
      running -= 1;
    });
    next();
  };
}
