import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import { newPlace, startServer, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

describe('what a page of another site makes a browser send', () => {
  let server: Server;
  let host: string;

  beforeAll(async () => {
    server = await startServer(newPlace(), { FIGSEEK_SAMPLES: 'never', FIGSEEK_ALLOWED_HOSTS: 'figseek.example.org' });
    host = new URL(server.url).host;
  });

  afterAll(async () => {
    await server.stop();
  });

  async function send(
    path: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<{ status: number; text: string }> {
    const sent = request(`${server.url}${path}`, { method: body === '' ? 'GET' : 'POST', headers });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response as AsyncIterable<Buffer>) text += chunk.toString();
    return { status: response.statusCode ?? 0, text };
  }

  const mutation = JSON.stringify({ query: 'mutation { createCollection(name: "rebound") { id } }' });
  const json = { 'Content-Type': 'application/json' };
  const multipart = { 'Content-Type': 'multipart/form-data; boundary=x' };
  const file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nx\r\n--x--\r\n';

  it.each([
    ['a mutation by a foreign name', '/graphql', { ...json, Host: 'evil.example' }, mutation],
    ['the page by a foreign name', '/', { Host: 'evil.example:3000' }, ''],
    ['a figure by a foreign name', '/images/fig_x', { Host: 'evil.example' }, ''],
    ['an upload by a foreign name', '/uploads', { ...multipart, Host: 'evil.example' }, file],
    ['a mutation of a foreign page', '/graphql', { ...json, Origin: 'http://evil.example' }, mutation],
    ['an upload of a foreign page', '/uploads', { ...multipart, Origin: 'http://evil.example' }, file],
    ['an upload of a sandboxed page', '/uploads', { ...multipart, Origin: 'null' }, file],
    ['an upload of an older browser', '/uploads', { ...multipart, 'Sec-Fetch-Site': 'cross-site' }, file],
  ] satisfies [string, string, Record<string, string>, string][])(
    'is refused with what is expected: %s',
    async (_what, path, headers, body) => {
      const { status, text } = await send(path, headers, body);
      expect({ status, text }).toEqual({
        status: 403,
        text: expect.stringMatching(/FIGSEEK_ALLOWED_HOSTS|Sec-Fetch-Site/),
      });
    },
  );

  it('changes nothing', async () => {
    const { data } = await askServer(server, '{ collections { nodes { id } } }');
    expect(data).toEqual({ collections: { nodes: [] } });
  });

  it.each([
    [{ Host: 'evil.example' }, 403],
    [{ Origin: 'http://evil.example' }, 403],
    [{ Host: 'figseek.example.org', Origin: 'https://figseek.example.org' }, 101],
    [{}, 101],
  ])('is refused by WebSocket as well: %j gives %d', async (headers, status) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const answered = await new Promise<number>((resolve) => {
      socket.on('open', () => {
        resolve(101);
      });
      socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
        resolve(statusCode);
      });
      socket.on('error', () => undefined);
    });
    socket.terminate();
    expect(answered).toBe(status);
  });

  it('is told from programs, from the server’s own page, and from a proxy that is configured', async () => {
    for (const headers of [
      {},
      { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' },
      { Origin: 'https://figseek.example.org' },
    ]) {
      expect(
        await send('/graphql', { ...json, Host: host, ...headers }, '{"query": "{ stats { figures } }"}'),
      ).toMatchObject({ status: 200 });
    }
    expect(await send('/', { Host: 'figseek.example.org' }, '')).toMatchObject({ status: 200 });
  });

  it('cannot be a batch, and a subscription by POST is told where it goes', async () => {
    expect(await send('/graphql', json, `[${mutation}]`)).toMatchObject({ status: 400 });
    const { errors } = await askServer(server, 'subscription { maskJob(id: "mjb_x") { id } }');
    expect(errors).toEqual([{ message: expect.stringMatching(/WebSocket/), extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
