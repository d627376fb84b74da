import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { limitBodyTime } from './body-time.js';

describe('limitBodyTime', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    const app = express();
    app.use(limitBodyTime({ ms: 300, bytesPerSecond: 1000 }, 20));
    app.use(express.raw({ type: () => true }), ({ body }, response) => {
      response.json({ bytes: (body as Buffer).length });
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  /** Sends a part again and again, every 50 ms. */
  async function send(part: number, times: number) {
    const asked = request({ port, host: '127.0.0.1', method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
    asked.on('error', () => undefined);
    const answered = once(asked, 'response');
    for (let i = 0; i < times && !asked.destroyed; i++) {
      asked.write('x'.repeat(part));
      await wait(50);
    }
    asked.end();
    const [response] = (await answered) as [NodeJS.ReadableStream & { statusCode: number }];
    return { status: response.statusCode, answer: await json(response) };
  }

  it('takes a body that comes for long, and fast enough', async () => {
    expect(await send(200, 16)).toEqual({ status: 200, answer: { bytes: 3200 } });
  });

  it('takes a slow one that is short', async () => {
    expect(await send(1, 3)).toEqual({ status: 200, answer: { bytes: 3 } });
  });

  it('ends one that comes drop by drop', async () => {
    expect(await send(1, 30)).toEqual({
      status: 408,
      answer: {
        error: { code: 'TIMEOUT', message: 'Expected the body within 0.3 s, or at 1000 bytes a second or faster' },
      },
    });
  });
});
