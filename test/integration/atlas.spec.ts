import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readPoints } from '../support/atlas-file-reader.js';
import { newPlace, run, startServer, writeCorpus, type Place, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

interface Atlas {
  readonly state: string;
  readonly generation: string;
  readonly total: number;
  readonly figureIds: readonly string[];
  readonly figures: readonly { readonly id: string }[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly modality: readonly (string | null)[];
  readonly label: readonly (string | null)[];
  readonly year: readonly (number | null)[];
  readonly collectionId: readonly (string | null)[];
  readonly cluster: readonly (number | null)[];
  readonly clusters: readonly { readonly text: string; readonly words: readonly string[]; readonly count: number }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly pointsUrl: string;
}

const fields = `state generation total figureIds x y modality label year collectionId cluster pointsUrl
  clusters { text words count } pageInfo { hasNextPage endCursor }`;
const count = 48;

describe('the atlas of a server', () => {
  let place: Place;
  let server: Server;
  let corpus: string;

  beforeAll(async () => {
    place = newPlace();
    corpus = await writeCorpus(count);
    const { code, stderr } = await run(place, ['ingest', corpus]);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place);
  });
  afterAll(async () => {
    await server.stop();
  });

  async function atlas(args = '(first: 1000)', asked = fields): Promise<Atlas> {
    const { data, errors } = await askServer<{ atlas: Atlas }>(server, `{ atlas${args} { ${asked} } }`);
    if (data === undefined) throw new Error(errors?.[0]?.message);
    return data.atlas;
  }

  async function codeOf(query: string): Promise<string | undefined> {
    return (await askServer(server, query)).errors?.[0]?.extensions.code;
  }

  async function made(): Promise<Atlas> {
    for (;;) {
      const now = await atlas('', 'state generation failure');
      if (now.state !== 'RUNNING') return now;
      await setTimeout(50);
    }
  }

  function placeOf({ figureIds, x, y }: Atlas, id: string) {
    const row = figureIds.indexOf(id);
    return [x[row] ?? Number.NaN, y[row] ?? Number.NaN] as const;
  }

  it('is absent at first, with an empty answer in both forms', async () => {
    expect(await atlas()).toMatchObject({ state: 'ABSENT', generation: '', total: 0, figureIds: [], clusters: [] });
    const empty = readPoints(Buffer.from(await (await fetch(`${server.url}/atlas/points`)).arrayBuffer()));
    expect(empty).toMatchObject({ header: { generation: '', total: 0 }, points: [] });
  });

  it('tells who subscribes how its making goes on, and ends the stream with it', async () => {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const states = async () => {
      const told: { state: string; progress: number | null; generation: string }[] = [];
      const query = 'subscription { atlas { state progress generation } }';
      for await (const { data, errors } of client.iterate<{ atlas: (typeof told)[number] }>({ query })) {
        expect(errors).toBeUndefined();
        if (data?.atlas !== undefined) told.push(data.atlas);
      }
      return told;
    };
    expect(await states()).toEqual([{ state: 'ABSENT', progress: null, generation: '' }]);
    await askServer(server, 'mutation { makeAtlas { state } }');
    const told = await states();
    await client.dispose();
    const ready = told.at(-1);
    expect(ready).toEqual({ state: 'READY', progress: null, generation: (await atlas('', 'generation')).generation });
    expect(told.length).toBeGreaterThan(1);
    const progress = told.slice(0, -1).map((one) => (one.state === 'RUNNING' ? one.progress : null));
    expect(progress).toEqual([...progress].filter((share) => share !== null).sort((one, other) => one - other));
  });

  it('is made in the background, and says of every figure where it lies and what it is', async () => {
    const begun = await askServer<{ makeAtlas: Atlas }>(server, 'mutation { makeAtlas { state } }');
    expect(begun.data?.makeAtlas.state).toBe('RUNNING');
    expect(await made()).toMatchObject({ state: 'READY', failure: null });
    const all = await atlas();
    expect(all.total).toBe(count);
    expect(new Set(all.figureIds).size).toBe(count);
    for (const list of [all.x, all.y]) {
      expect(list).toHaveLength(count);
      expect(list.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
    expect(all.modality.filter((one) => one !== null).length).toBe(count);
    expect(all.year.every((one) => one !== null && one > 1900)).toBe(true);
    const inClusters = all.clusters.reduce((sum, one) => sum + one.count, 0);
    expect(all.cluster.filter((one) => one !== null)).toHaveLength(inClusters);
    expect(all.clusters.every(({ text }) => text !== '')).toBe(true);
  });

  it('gives pages of points, and the figures of them', async () => {
    const all = await atlas();
    const found: string[] = [];
    for (let after: string | null = null; ;) {
      const part: Atlas = await atlas(
        `(first: 20${after === null ? '' : `, after: "${after}"`})`,
        `${fields} figures { id }`,
      );
      expect(part.figures.map(({ id }) => id)).toEqual(part.figureIds);
      found.push(...part.figureIds);
      after = part.pageInfo.endCursor;
      if (!part.pageInfo.hasNextPage) break;
    }
    expect(found).toEqual(all.figureIds);
    expect(await codeOf('{ atlas(first: 5001) { x } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ atlas(first: 0) { x } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ atlas(after: "x") { x } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ atlas(first: 5000) { figures { caption labels article { title authors } } } }')).toBe(
      'QUERY_TOO_COMPLEX',
    );
  });

  it('gives the same in binary form, once as long as nothing changes', async () => {
    const filtered = await atlas('(first: 1000, filter: { modalities: ["CT"] })');
    expect(filtered.total).toBeGreaterThan(0);
    expect(filtered.total).toBeLessThan(count);
    const all = await atlas();
    for (const one of [all, filtered]) {
      const address = `${server.url}${one.pointsUrl}`;
      const answer = await fetch(address);
      const { header, points } = readPoints(Buffer.from(await answer.arrayBuffer()));
      expect(header).toMatchObject({ generation: one.generation, count: one.total, total: one.total });
      expect(points.map(({ id }) => id)).toEqual(one.figureIds);
      expect(points.map(({ x, y }) => [x, y])).toEqual(one.x.map((x, row) => [x, one.y[row]]));
      for (const name of ['modality', 'label', 'year', 'collectionId', 'cluster'] as const) {
        expect(points.map((point) => point[name])).toEqual(one[name]);
      }
      const etag = answer.headers.get('etag') ?? '';
      // `fetch` itself would say that it wants no cached answer.
      const again = request(address, { headers: { 'If-None-Match': etag } });
      again.end();
      const [{ statusCode }] = (await once(again, 'response')) as [IncomingMessage];
      expect(statusCode).toBe(304);
    }
  });

  it.each([
    ['filter=%7B', 'BAD_USER_INPUT', 'as JSON but received another text'],
    ['filter=%7B%22modalities%22%3A3%7D', 'BAD_USER_INPUT', 'filter.modalities'],
    ['filter=%7B%22words%22%3A3%7D', 'BAD_USER_INPUT', 'Field "words" is not defined'],
    ['collection=col_a', 'BAD_USER_INPUT', 'Expected the parameters collectionId and filter but received collection'],
    ['filter=1&filter=2', 'BAD_USER_INPUT', 'Expected filter once'],
    ['collectionId=col_absent', 'NOT_FOUND', 'no collection col_absent'],
  ])('refuses /atlas/points?%s', async (query, code, message) => {
    const answer = (await (await fetch(`${server.url}/atlas/points?${query}`)).json()) as {
      error: { code: string; message: string };
    };
    expect(answer.error.code).toBe(code);
    expect(answer.error.message).toContain(message);
  });

  it('places a figure that is added near its like, and forgets one that is deleted', async () => {
    const before = await atlas();
    const first = JSON.parse(readFileSync(corpus, 'utf8').split('\n')[0] ?? '') as { id: string; image: string };
    const found = await askServer<{ figures: { nodes: { id: string; sourceKey: string }[] } }>(
      server,
      '{ figures(first: 100) { nodes { id sourceKey } } }',
    );
    const like = found.data?.figures.nodes.find(({ sourceKey }) => sourceKey === first.id)?.id ?? '';
    const base64 = readFileSync(path.join(path.dirname(corpus), first.image)).toString('base64');
    const input = { base64, caption: 'A copy', sourceKey: 'a copy' };
    const added = await askServer<{ addFigure: { id: string } }>(
      server,
      'mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }',
      { input },
    );
    const id = added.data?.addFigure.id ?? '';
    const after = await atlas();
    expect(after.generation).toBe(before.generation);
    expect(after.total).toBe(count + 1);
    const [x, y] = placeOf(after, id);
    const [likeX, likeY] = placeOf(after, like);
    expect(Math.hypot(x - likeX, y - likeY)).toBeLessThan(0.1);
    await askServer(server, 'mutation ($id: ID!) { deleteFigure(id: $id) }', { id: like });
    const left = await atlas();
    expect(left.total).toBe(count);
    expect(left.figureIds).not.toContain(like);
  });

  it('is there again after a restart, and is taken over from the command line', async () => {
    const { generation } = await atlas('', 'generation');
    await server.stop();
    server = await startServer(place);
    expect(await atlas('', 'state generation')).toEqual({ state: 'READY', generation });
    const { code, stdout, stderr } = await run(place, ['atlas', '--json']);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const told = JSON.parse(stdout) as { generation: string; figures: number };
    expect(told.figures).toBe(count);
    expect(await atlas('', 'state generation')).toEqual({ state: 'READY', generation: told.generation });
    const status = await run(place, ['atlas', '--status']);
    expect(status.stdout).toContain(`The map ${told.generation} was made at 20`);
  });

  it('can be cancelled; the former one stays', async () => {
    const { generation } = await atlas('', 'generation');
    await askServer(server, 'mutation { makeAtlas { state } }');
    const { data } = await askServer<{ cancelAtlas: Atlas }>(
      server,
      'mutation { cancelAtlas { state generation failure } }',
    );
    expect(data?.cancelAtlas).toEqual({ state: 'READY', generation, failure: null });
  });
});
