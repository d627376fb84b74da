import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { admitUploads } from '../../src/api/http/upload-admission.js';

const pauseMs = 400;

describe('admitUploads', () => {
  let server: Server;

  afterEach(() => {
    server.close();
  });

  async function start(): Promise<number> {
    const app = express();
    app.use('/uploads', admitUploads(pauseMs), express.raw({ type: () => true }), (_request, response) => {
      // Longer than a client may pause: to look at an image takes time.
      setTimeout(() => response.status(201).end('taken'), 2 * pauseMs);
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** An upload that announces more bytes than it sends. */
  async function idleUpload(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /uploads HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\nfew');
    return socket;
  }

  it('refuses more than a few at once, and gives the places of clients that send nothing to others', async () => {
    const port = await start();
    const idle = await Promise.all(Array.from({ length: 8 }, () => idleUpload(port)));
    const answers = idle.map((socket) => text(socket));
    const refused = await fetch(`http://127.0.0.1:${port}/uploads`, { method: 'POST', body: 'x' });
    expect(refused.status).toBe(429);
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('Expected the body of the upload but nothing came for 0.4 s');
    }
    const taken = await fetch(`http://127.0.0.1:${port}/uploads`, { method: 'POST', body: 'x' });
    expect([taken.status, await taken.text()]).toEqual([201, 'taken']);
  });
});
