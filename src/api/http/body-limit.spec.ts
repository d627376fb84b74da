import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { limitBody } from './body-limit.js';

describe('limitBody', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    const app = express();
    app.use(limitBody(() => ({ bytes: 1000, setting: 'A_SETTING' })));
    app.use(express.raw({ type: () => true, limit: 1000 }), (_request, response) => {
      response.json({ taken: true });
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  async function post(headers: Record<string, string>, send: (body: NodeJS.WritableStream) => void) {
    const asked = request({ port, host: '127.0.0.1', method: 'POST', headers });
    asked.on('error', () => undefined);
    send(asked);
    const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
    return { status: response.statusCode, answer: await json(response) };
  }

  const tooLarge = (came: string) => ({
    status: 413,
    answer: {
      error: { code: 'PAYLOAD_TOO_LARGE', message: `Expected at most 1000 bytes (A_SETTING) but received ${came}` },
    },
  });

  it('takes what is small enough', async () => {
    expect(await post({}, (body) => body.end('x'.repeat(1000)))).toEqual({ status: 200, answer: { taken: true } });
  });

  it('names the limit of a body that says its length', async () => {
    const found = await post({ 'Content-Length': '1001' }, (body) => body.end('x'.repeat(1001)));
    expect(found).toEqual(tooLarge('1001'));
  });

  it('does not wait for the end of a body', async () => {
    expect(await post({ 'Content-Length': '1000000' }, (body) => body.write('few'))).toEqual(tooLarge('1000000'));
    let timer: NodeJS.Timeout | undefined;
    const endless = await post({ 'Transfer-Encoding': 'chunked' }, (body) => {
      timer = setInterval(() => body.write('x'.repeat(500)), 20);
    });
    clearInterval(timer);
    expect(endless).toEqual(tooLarge('more'));
  });
});
