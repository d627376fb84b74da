import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GuardedClient, UnreachableError, type GuardedClientSettings } from './guarded-client.js';

let server: Server;
let url: URL;

beforeAll(async () => {
  server = createServer(({ url: path }, response) => {
    if (path === '/slow') trickle(response);
    else if (path === '/moved') response.writeHead(302, { location: '/' }).end();
    else if (path === '/wait') response.writeHead(503, { 'retry-after': '1' }).end();
    else response.end('answer');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** Never silent for long, and never at its end. */
function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 10);
  response.on('close', () => {
    clearInterval(timer);
  });
}

async function get(path: string, changes: Partial<GuardedClientSettings> = {}): Promise<string> {
  const client = new GuardedClient({
    ...{ hosts: new Set([url.host]), requestsPerSecond: 10, stallMs: 1000, maxMs: 100 },
    ...{ policy: { attempts: 2, firstDelayMs: 1, maxDelayMs: 1 }, howToReach: 'ask', note: () => undefined },
    ...changes,
  });
  try {
    return Buffer.from(await client.get(new URL(path, url), { what: 'the file', maxBytes: 1000 })).toString();
  } finally {
    await client.close();
  }
}

describe('GuardedClient', () => {
  it('gives what a host answers', async () => {
    await expect(get('/')).resolves.toBe('answer');
  });

  it('gives up an answer that takes too long, also one that is never silent', async () => {
    await expect(get('/slow')).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('0.1 s') });
  });

  it('counts no time while a request waits for its turn', async () => {
    const client = new GuardedClient({
      ...{ hosts: new Set([url.host]), requestsPerSecond: 1, stallMs: 1000, maxMs: 300, howToReach: 'ask' },
      ...{ policy: { attempts: 1, firstDelayMs: 1, maxDelayMs: 1 }, note: () => undefined },
    });
    const wanted = { what: 'the file', maxBytes: 1000 };
    const both = await Promise.all([client.get(url, wanted), client.get(url, wanted)]);
    await client.close();
    expect(both.map((bytes) => Buffer.from(bytes).toString())).toEqual(['answer', 'answer']);
  });

  it('counts no time either while the address that it is sent on to waits for its turn', async () => {
    await expect(get('/moved', { requestsPerSecond: 1, maxMs: 300 })).resolves.toBe('answer');
  });

  it('says how the host is reached where a proxy refuses to connect to it', async () => {
    const proxy = createServer().on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    // The small letters count before the capital ones.
    const before = process.env['https_proxy'];
    process.env['https_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const asked = get('https://host.example/', { hosts: new Set(['host.example']), maxMs: 5000 });
      await expect(asked).rejects.toMatchObject({
        constructor: UnreachableError,
        message: expect.stringMatching(/407.*; ask$/),
      });
    } finally {
      if (before === undefined) delete process.env['https_proxy'];
      else process.env['https_proxy'] = before;
      proxy.close();
    }
  });

  it('connects to no other host', async () => {
    await expect(get('http://localhost:1/')).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('leads to localhost:1, which is not followed') as unknown,
    });
  });

  it('asks nothing any more once it is told to end', async () => {
    const stop = new AbortController();
    const asked = get('/wait', { signal: stop.signal });
    setTimeout(() => {
      stop.abort();
    }, 50);
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});
