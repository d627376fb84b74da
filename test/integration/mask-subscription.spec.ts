import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startServer, type Server } from '../support/figseek-process.js';
import { askServer, corpusOf, type Corpus } from '../support/mask-server.js';

interface Job {
  readonly id: string;
  readonly status: string;
  readonly done: number;
  readonly total: number;
  readonly masks: readonly { readonly prompt: string; readonly status: string }[];
}

const watch = `subscription ($id: ID!) { maskJob(id: $id) { id status done total masks { prompt status } } }`;

describe('the subscription maskJob', () => {
  let corpus: Corpus;
  let server: Server;
  let client: Client;
  let figures: readonly string[];

  beforeAll(async () => {
    corpus = await corpusOf(8);
    server = await startServer(corpus.place);
    const { data } = await askServer<{ figures: { nodes: readonly { id: string }[] } }>(
      server,
      '{ figures { nodes { id } } }',
    );
    figures = data?.figures.nodes.map(({ id }) => id) ?? [];
    client = newClient();
  });

  afterAll(async () => {
    await client.dispose();
    await server.stop();
  });

  const opened: Client[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.dispose();
  });

  function newClient(): Client {
    return createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
  }

  async function begin(prompts: readonly string[]): Promise<Job> {
    const { data, errors } = await askServer<{ requestMasks: Job }>(
      server,
      `mutation ($ids: [ID!]!, $prompts: [String!]!) {
        requestMasks(figureIds: $ids, prompts: $prompts) { id status done total masks { prompt status } } }`,
      { ids: figures, prompts },
    );
    expect(errors).toBeUndefined();
    if (data === undefined) throw new Error('no job began');
    return data.requestMasks;
  }

  async function events(id: string, by = client): Promise<readonly Job[]> {
    const jobs: Job[] = [];
    for await (const { data, errors } of by.iterate<{ maskJob: Job }>({ query: watch, variables: { id } })) {
      if (errors !== undefined) throw new Error(errors[0]?.message);
      if (data != null) jobs.push(data.maskJob);
    }
    return jobs;
  }

  it('tells of a job as its masks are made, to all who watch, and ends with it', async () => {
    const { id, total } = await begin(['liver', 'left lung', 'optic disc']);
    const other = newClient();
    opened.push(other);
    const [jobs, same] = await Promise.all([events(id), events(id, other)]);
    const done = jobs.map((job) => job.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(jobs.length).toBeGreaterThan(2);
    expect(jobs[0]?.status).toBe('PENDING');
    const last = jobs.at(-1);
    expect(last).toMatchObject({ id, status: 'READY', done: total, total });
    expect(last?.masks.filter(({ status }) => status === 'READY')).toHaveLength(total);
    expect(same.at(-1)).toEqual(last);
  });

  it('tells of a job that has ended once, and of one that is cancelled', async () => {
    const { id } = await begin(['liver']);
    expect((await events(id)).at(-1)?.status).toBe('READY');
    expect(await events(id)).toHaveLength(1);
    const job = await begin(['spleen', 'nuclei', 'bone', 'retina', 'brain']);
    const watched = events(job.id);
    await askServer(server, `mutation ($id: ID!) { cancelMasks(jobId: $id) { id } }`, { id: job.id });
    expect((await watched).at(-1)).toMatchObject({ done: job.total });
  });

  it('lets go of who leaves in the middle, and the job goes on', async () => {
    const { id, total } = await begin(['colonies', 'skin lesion']);
    const leaving = newClient();
    for await (const { data } of leaving.iterate({ query: watch, variables: { id } })) {
      expect(data).toBeDefined();
      break;
    }
    leaving.terminate();
    expect((await events(id)).at(-1)).toMatchObject({ done: total });
  });

  it('refuses with a code what it does not know, and what belongs to POST', async () => {
    for (const [query, message] of [
      [watch, 'There is no mask job mjb_0'],
      ['{ figures { total } }', 'Expected a subscription but received a query, which goes to POST /graphql'],
      [
        'mutation { cancelMasks(jobId: "mjb_0") { id } }',
        'Expected a subscription but received a mutation, which goes to POST /graphql',
      ],
      ['subscription { maskJob(id: ', 'Syntax Error: Unexpected <EOF>.'],
      ['subscription { nothing }', 'Cannot query field "nothing" on type "Subscription".'],
      [`subscription { maskJob(id: "0") { masks { ${nested(10)} } } }`, expect.stringMatching(/Query depth limit/)],
    ] as const) {
      const told = await firstError(query);
      expect(told.message).toEqual(message);
      expect(['NOT_FOUND', 'BAD_USER_INPUT', 'QUERY_TOO_COMPLEX']).toContain(told.extensions?.['code']);
    }
  });

  /** Deeper than may be. */
  function nested(times: number): string {
    return times === 0 ? 'id' : `panel { figure { masks { ${nested(times - 1)} } } }`;
  }

  async function firstError(query: string) {
    const result = await new Promise<unknown>((resolve) => {
      client.subscribe(
        { query, variables: { id: 'mjb_0' } },
        {
          next: ({ errors }) => {
            resolve(errors);
          },
          error: resolve,
          complete: () => undefined,
        },
      );
    });
    const [error] = result as readonly { message: string; extensions?: Record<string, unknown> }[];
    if (error === undefined) throw new Error('nothing was refused');
    return error;
  }

  it('opens no socket to pages of other sites, nor elsewhere, and takes no long message', async () => {
    const at = server.url.replace('http', 'ws');
    const refused = async (url: string, headers: Record<string, string> = {}) => {
      const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
      const [error] = (await once(socket, 'error')) as [Error];
      return error.message;
    };
    expect(await refused(`${at}/graphql`, { Origin: 'https://example.org' })).toMatch(/403/);
    expect(await refused(`${at}/elsewhere`)).toMatch(/404/);
    const own = new WebSocket(`${at}/graphql`, 'graphql-transport-ws', { headers: { Origin: server.url } });
    await once(own, 'open');
    own.send('x'.repeat(70_000));
    const [code] = (await once(own, 'close')) as [number];
    expect(code).toBe(1009);
  });

  it('outlives clients that are gone before they are refused', async () => {
    const port = Number(new URL(server.url).port);
    const head = 'Host: x\r\nOrigin: https://example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`GET /graphql HTTP/1.1\r\n${head}`);
      socket.resetAndDestroy();
    }
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });

  it('answers a client that offers HTTP/2 as any other', async () => {
    const body = JSON.stringify({ query: '{ stats { figures } }' });
    const asked = request(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        ...{ 'Content-Type': 'application/json', 'Content-Length': body.length },
        ...{ Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' },
      },
    });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const chunks = (await answer.toArray()) as Buffer[];
    expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({ data: { stats: { figures: 8 } } });
  });

  it('does not hold up the end of the server', async () => {
    const second = await startServer(corpus.place);
    // One that is refused and never closes its half.
    const half = connect({ port: Number(new URL(second.url).port), allowHalfOpen: true });
    half.write('GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(half, 'data');
    const watching = new WebSocket(`${second.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(watching, 'open');
    const closed = once(watching, 'close');
    const { stderr } = await second.stop();
    const [code] = (await closed) as [number];
    expect(code).toBe(1001);
    expect(stderr).not.toMatch(/error/i);
  });
});
