import type { ArgumentsHost } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { FigseekError } from '../../domain/errors.js';
import { HttpErrorFilter } from './error.filter.js';

/** A response with headers that were set for the answer that failed. */
class StartedResponse {
  readonly headersSent = false;
  readonly headers = new Map([
    ['Cache-Control', 'public, max-age=3600'],
    ['Content-Disposition', 'inline'],
    ['ETag', '"tag"'],
    ['Vary', 'Origin'],
  ]);
  code = 200;
  body: unknown = null;

  removeHeader(name: string): void {
    this.headers.delete(name);
  }

  status(code: number): this {
    this.code = code;
    return this;
  }

  json(body: unknown): void {
    this.body = body;
  }
}

describe('an error over HTTP', () => {
  it('has its code and status, and is not kept by browsers and proxies', () => {
    const response = new StartedResponse();
    const http = {
      getRequest: () => ({ complete: true, destroyed: false }),
      getResponse: () => response,
      getNext: () => undefined,
    };
    const host = { getType: () => 'http', switchToHttp: () => http } as unknown as ArgumentsHost;
    new HttpErrorFilter().catch(new FigseekError('MODEL_UNAVAILABLE', 'the reader ended'), host);
    expect(response.code).toBe(503);
    expect(response.body).toEqual({ error: { code: 'MODEL_UNAVAILABLE', message: 'the reader ended' } });
    expect([...response.headers.keys()]).toEqual(['Vary']);
  });
});
