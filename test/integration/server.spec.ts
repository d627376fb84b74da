import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, writeCorpus, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

describe('the server', () => {
  let server: Server;
  let corpus: string;

  beforeAll(async () => {
    const place = newPlace();
    corpus = await writeCorpus(60);
    const { code, stderr } = await run(place, ['ingest', corpus]);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place);
  });

  afterAll(async () => {
    await server.stop();
  });

  function ask(query: string, variables: object = {}) {
    return askServer(server, query, variables);
  }

  async function codeOf(query: string, variables: object = {}): Promise<string | undefined> {
    return (await ask(query, variables)).errors?.[0]?.extensions.code;
  }

  async function upload(body: Uint8Array, type = 'application/octet-stream'): Promise<Response> {
    return fetch(`${server.url}/uploads`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: new Uint8Array(body),
    });
  }

  const search = `query ($query: SearchInput!, $first: Int) {
    searchFigures(query: $query, first: $first) {
      nodes { rank score evidence { channel rank score } figure { id sourceKey caption article { title } } panel { id box { width height } } }
      info { model generation candidates }
    }
  }`;

  type Nodes = {
    nodes: { figure: { id: string; sourceKey: string; caption: string }; evidence: { channel: string }[] }[];
  };

  it('finds figures by words, over all three channels', async () => {
    const { data, errors } = await ask(search, { query: { text: 'western blot' }, first: 5 });
    expect(errors).toBeUndefined();
    const { nodes } = data?.['searchFigures'] as Nodes;
    expect(nodes).toHaveLength(5);
    expect(nodes[0]?.figure.caption.toLowerCase()).toContain('blot');
    const channels = new Set(nodes.flatMap(({ evidence }) => evidence.map(({ channel }) => channel)));
    expect([...channels].sort()).toEqual(['CAPTION', 'IMAGE', 'KEYWORD']);
  });

  it('finds a figure again by its own image', async () => {
    const first = JSON.parse(readFileSync(corpus, 'utf8').split('\n')[0] ?? '') as { id: string; image: string };
    const response = await upload(readFileSync(path.join(path.dirname(corpus), first.image)), 'image/png');
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    const { data } = await ask(search, { query: { image: { uploadId: id }, channels: ['IMAGE'] }, first: 3 });
    expect((data?.['searchFigures'] as Nodes).nodes[0]?.figure.sourceKey).toBe(first.id);
  });

  it('gives the same figures by the index and by exact search', async () => {
    const found = async (exact: boolean): Promise<readonly string[]> => {
      const { data } = await ask(search, { query: { text: 'ct slice', channels: ['IMAGE'], exact } });
      return (data?.['searchFigures'] as Nodes).nodes.map(({ figure }) => figure.id);
    };
    expect(await found(false)).toEqual(await found(true));
  });

  it('answers figure, similar and article', async () => {
    const { data } = await ask(search, { query: { text: 'ecg' }, first: 1 });
    const id = (data?.['searchFigures'] as Nodes).nodes[0]?.figure.id;
    const answer = await ask(
      `query ($id: ID!) { figure(id: $id) { attribution article { id title figures { id } } similar(first: 3) { nodes { figure { id } } } } }`,
      { id },
    );
    expect(answer.errors).toBeUndefined();
    const figure = answer.data?.['figure'] as {
      article: { id: string; figures: { id: string }[] };
      similar: { nodes: { figure: { id: string } }[] };
    };
    expect(figure.article.figures.map((one) => one.id)).toContain(id);
    expect(figure.similar.nodes).toHaveLength(3);
    expect(figure.similar.nodes.map((node) => node.figure.id)).not.toContain(id);
  });

  it('refuses what makes no sense, with a code and a message', async () => {
    expect(await codeOf(search, { query: { text: '  ' } })).toBe('BAD_USER_INPUT');
    expect(await codeOf(search, { query: { text: 'x' }, first: 100_000 })).toBe('BAD_USER_INPUT');
    expect(await codeOf(search, { query: { image: { base64: 'AAAA' } } })).toBe('UNSUPPORTED_MEDIA');
    expect(await codeOf(search, { query: { image: { figureId: 'a', panelId: 'b' } } })).toBe('BAD_USER_INPUT');
    expect(await codeOf(search, { query: { image: { figureId: 'fig_none' } } })).toBe('NOT_FOUND');
    expect(await codeOf(search, { query: { image: { uploadId: '../../etc/passwd' } } })).toBe('NOT_FOUND');
    expect(await codeOf('{ article { id } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ no }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('subscription { no }')).toBe('BAD_USER_INPUT');
  });

  it('takes any words as words', async () => {
    for (const text of ['"', 'a AND', 'NEAR(', '*', "'; DROP TABLE figure; --", 'caption:', '\u0000x', '😀']) {
      expect((await ask(search, { query: { text } })).errors).toBeUndefined();
    }
  });

  it('limits depth and aliases', async () => {
    const deep = `{ figure(id: "x") { ${'similar { nodes { figure { '.repeat(6)} id ${'} } } '.repeat(6)} } }`;
    expect(await codeOf(deep)).toBe('QUERY_TOO_COMPLEX');
    const wide = `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: stats { figures }`).join(' ')} }`;
    expect(await codeOf(wide)).toBe('QUERY_TOO_COMPLEX');
  });

  it('limits the searches of one request', async () => {
    const nested = `{ searchFigures(query: { text: "gel" }, first: FIRST) { nodes { figure { similar(first: 1) { nodes { rank } } } } } }`;
    expect(await codeOf(nested.replace('FIRST', '49'))).toBeUndefined();
    expect(await codeOf(nested.replace('FIRST', '60'))).toBe('QUERY_TOO_COMPLEX');
  });

  it('refuses bad uploads with a 4xx and lives', async () => {
    expect((await upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).status).toBe(415);
    expect((await upload(new Uint8Array(0))).status).toBe(400);
    expect((await upload(new Uint8Array(40_000_000))).status).toBe(413);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  });

  it('serves images with a fixed type, an ETag and nosniff', async () => {
    const { data } = await ask(search, { query: { text: 'gel' }, first: 1 });
    const id = (data?.['searchFigures'] as Nodes).nodes[0]?.figure.id ?? '';
    const response = await fetch(`${server.url}/images/${id}?size=100`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    // `fetch` itself would say that it wants no cached answer.
    const again = request(`${server.url}/images/${id}?size=100`, {
      headers: { 'If-None-Match': response.headers.get('etag') ?? '' },
    });
    again.end();
    const [{ statusCode }] = (await once(again, 'response')) as [IncomingMessage];
    expect(statusCode).toBe(304);
    expect((await fetch(`${server.url}/images/${id}?size=-1`)).status).toBe(400);
    expect((await fetch(`${server.url}/images/nope`)).status).toBe(404);
  });

  it('says what it holds', async () => {
    const { data } = await ask('{ stats { figures indexedPanels model } models { name active provider warning } }');
    expect(data?.['stats']).toEqual({ figures: 60, indexedPanels: 60, model: 'starter' });
    const models = data?.['models'] as { name: string; active: boolean; warning: string }[];
    expect(models.find(({ active }) => active)).toMatchObject({ name: 'starter', provider: 'cpu' });
    expect(models.find(({ active }) => active)?.warning).toMatch(/not for work/);
  });

  it('serves the page and the schema', async () => {
    expect(await (await fetch(server.url)).text()).toContain('<div id="app">');
    expect(await (await fetch(`${server.url}/schema.graphql`)).text()).toContain('searchFigures(');
  });
});

describe('a configured segmenter that is not there', () => {
  const place = newPlace();
  const env = { FIGSEEK_SEGMENTER: 'nosuch', FIGSEEK_SAMPLES: 'never' };
  const reason =
    /FIGSEEK_SEGMENTER is nosuch; expected one of the segmenters there are \(starter-segmenter\), or .* unset: /;

  it('stops the start of a server, which lists those there are', async () => {
    const { code, stderr } = await run(place, ['serve', '--port', '0'], env);
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringMatching(reason) as unknown });
  });

  it('is told by doctor', async () => {
    const { code, stdout } = await run(place, ['doctor'], env);
    expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringMatching(reason) as unknown });
    expect(stdout).toMatch(/^wrong segmenter: /m);
  });
});
