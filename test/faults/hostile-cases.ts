import { gzipSync } from 'node:zlib';
import { drawnPng } from './hostile-pictures.js';
import { fromSockets, headerFlood, overSocket, slowHeaders } from './hostile-sockets.js';

/** What a hostile request is answered: the codes of its errors, or its HTTP status. */
type Ask = (url: string, ids: readonly string[]) => Promise<string>;

export interface HostileCase {
  readonly name: string;
  /** The answer, wherever the machine is. */
  readonly answer: RegExp;
  readonly ask: Ask;
}

const megabyte = 1_000_000;
const tooComplex = /^QUERY_TOO_COMPLEX$/;
const badInput = /^BAD_USER_INPUT$/;

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  if (!text.startsWith('{')) return String(response.status);
  const { errors, error } = JSON.parse(text) as {
    errors?: { extensions: { code: string } }[];
    error?: { code: string };
  };
  const codes = new Set(errors?.map(({ extensions }) => extensions.code) ?? [error?.code ?? 'ok']);
  return [...codes].join(' ');
}

const ask =
  (query: string, variables: unknown = {}): Ask =>
  (url) =>
    post(url, JSON.stringify({ query, variables }));

const filled = (text: string): string => text.repeat(Math.floor((megabyte - 2000) / text.length));
const aliases = (count: number, field: (i: number) => string): string =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: ${field(i)}`).join(' ')} }`;
const search =
  'query ($query: SearchInput!, $filter: FigureFilter, $first: Int, $after: String) { searchFigures(query: $query, filter: $filter, first: $first, after: $after) { nodes { rank } } }';
const nested = (depth: number, around: string): unknown =>
  JSON.parse(`${`{"${around}":`.repeat(depth)}{}${'}'.repeat(depth)}`);
const nestedText = (depth: number): string =>
  `{"query": ${JSON.stringify(search)}, "variables": {"query": {"text": "a"}, "filter": ${'{"not":'.repeat(depth)}{}${'}'.repeat(depth)}}}`;

const costly: readonly HostileCase[] = [
  {
    name: 'Article.figures, nested',
    answer: tooComplex,
    ask: ask('{searchFigures(query:{text:"a"},first:200){nodes{figure{article{figures{article{figures{id}}}}}}}}'),
  },
  {
    name: 'figure, masks, panel, figure, …',
    answer: tooComplex,
    ask: (url, [id = '']) =>
      post(
        url,
        JSON.stringify({
          query: `{figure(id:"${id}"){masks{panel{figure{masks{panel{figure{masks{panel{figure{id}}}}}}}}}}}`,
        }),
      ),
  },
  {
    name: 'figure, panels, figure, …',
    answer: tooComplex,
    ask: (url, [id = '']) =>
      post(
        url,
        JSON.stringify({ query: `{figure(id:"${id}"){panels{figure{panels{figure{panels{figure{panels{id}}}}}}}}}` }),
      ),
  },
  {
    name: 'nodes by 30 aliases',
    answer: tooComplex,
    ask: (url, ids) => {
      const query = `query($i:[ID!]!)${aliases(30, () => 'nodes(ids:$i){id ...on Figure{caption}}')}`;
      const asked = Array.from({ length: 1000 }, (_, i) => ids[i % ids.length]);
      return post(url, JSON.stringify({ query, variables: { i: asked } }));
    },
  },
  {
    name: 'nodes, 1000 different ids',
    answer: /^ok$/,
    ask: (url, ids) => {
      const i = Array.from({ length: 1000 }, (_, at) => ids[at] ?? `fig_${at}`);
      return post(
        url,
        JSON.stringify({
          query: 'query($i:[ID!]!){nodes(ids:$i){id ...on Figure{caption labels panels(first:2){id}}}}',
          variables: { i },
        }),
      );
    },
  },
  {
    name: 'similar of similar',
    answer: tooComplex,
    ask: ask('{searchFigures(query:{text:"a"}){nodes{figure{similar{nodes{figure{similar{nodes{rank}}}}}}}}}'),
  },
  {
    name: 'similar of 50 hits',
    answer: /^ok$/,
    ask: ask('{searchFigures(query:{text:"a"},first:50){nodes{figure{similar(first:2){nodes{rank}}}}}}'),
  },
  {
    name: 'masks of 200 hits',
    answer: tooComplex,
    ask: ask('{searchFigures(query:{text:"a"},first:200){nodes{figure{mask(prompt:"x"){id}}}}}'),
  },
  {
    name: '200 hits with all of the page',
    answer: /^ok$/,
    ask: ask(
      '{searchFigures(query:{text:"a"},first:200){nodes{rank heatmapUrl snippet evidence{channel rank} duplicates{id} figure{id caption labels attribution article{title}}} facets{field values{value count}}}}',
    ),
  },
  { name: '31 aliases', answer: tooComplex, ask: ask(aliases(31, () => 'stats{figures}')) },
  { name: '30 aliases of stats', answer: /^ok$/, ask: ask(aliases(30, () => 'stats{figures byLicense{value}}')) },
  { name: '30 aliases of models', answer: /^ok$/, ask: ask(aliases(30, () => 'models{name}')) },
  {
    name: '20 searches',
    answer: /^ok$/,
    ask: ask(aliases(20, (i) => `searchFigures(query:{text:"words ${i}"}){nodes{rank}}`)),
  },
  {
    name: 'introspection of types of fields of types',
    answer: badInput,
    ask: ask('{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}'),
  },
];

const large: readonly HostileCase[] = [
  { name: 'a megabyte of directives', answer: tooComplex, ask: ask(`{ stats { figures ${filled('@a ')} } }`) },
  {
    name: 'a megabyte of unknown variables',
    answer: tooComplex,
    ask: ask(`{ nodes(ids: [${filled('$x ')}]) { id } }`),
  },
  { name: 'a megabyte of one field', answer: tooComplex, ask: ask(`{ stats { ${filled('figures ')} } }`) },
  { name: 'a megabyte of brackets', answer: tooComplex, ask: ask(`{ nodes(ids: ${filled('[')}`) },
  { name: 'a megabyte of selections in selections', answer: tooComplex, ask: ask(filled('{a')) },
  { name: 'a megabyte of operations', answer: tooComplex, ask: ask(filled('query A{stats{figures}} ')) },
  { name: 'a megabyte of a comment', answer: badInput, ask: ask(`# ${filled('x')}`) },
  { name: 'a megabyte of a name', answer: tooComplex, ask: ask(`{ ${filled('x')} }`) },
  { name: 'one field 1400 times', answer: tooComplex, ask: ask(`{ stats { ${'figures '.repeat(1400)} } }`) },
  {
    name: 'different fields, 1400 of them unknown',
    answer: badInput,
    ask: ask(`{ stats { ${Array.from({ length: 1400 }, (_, i) => `figurs${i}`).join(' ')} } }`),
  },
  {
    name: 'fragments that spread each other twice',
    answer: tooComplex,
    ask: ask(
      `{ stats { ...F0 } } ${Array.from({ length: 40 }, (_, i) => `fragment F${i} on CorpusStats { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F40 on CorpusStats { figures }`,
    ),
  },
  {
    name: 'a fragment that spreads itself',
    answer: badInput,
    ask: ask('{ stats { ...F } } fragment F on CorpusStats { ...F }'),
  },
  {
    name: 'variables a hundred thousand levels deep',
    answer: tooComplex,
    ask: (url) => post(url, nestedText(100_000)),
  },
  {
    name: 'filters 1000 levels deep',
    answer: tooComplex,
    ask: ask(search, { query: { text: 'a' }, filter: nested(1000, 'not') }),
  },
  {
    name: 'filters seven levels deep',
    answer: badInput,
    ask: ask(search, { query: { text: 'a' }, filter: nested(7, 'not') }),
  },
  {
    name: 'a filter of 100,000 values',
    answer: /PAYLOAD_TOO_LARGE|413/,
    ask: ask(search, { query: { text: 'a' }, filter: { labels: Array.from({ length: 100_000 }, String) } }),
  },
  {
    name: 'a filter of 19,000 values',
    answer: badInput,
    ask: ask(search, { query: { text: 'a' }, filter: { labels: Array.from({ length: 19_000 }, String) } }),
  },
  {
    name: 'a filter of 15 × 1000 values',
    answer: /^ok$/,
    ask: ask(search, {
      query: { text: 'a' },
      filter: { or: Array.from({ length: 15 }, () => ({ labels: Array.from({ length: 1000 }, String) })) },
    }),
  },
  {
    name: '60,000 ids',
    answer: tooComplex,
    ask: ask('query($i:[ID!]!){nodes(ids:$i){id}}', { i: Array.from({ length: 60_000 }, String) }),
  },
  {
    name: '14,000 ids',
    answer: badInput,
    ask: ask('query($i:[ID!]!){nodes(ids:$i){__typename}}', { i: Array.from({ length: 14_000 }, String) }),
  },
  {
    name: 'a batch of 1000 requests',
    answer: badInput,
    ask: (url) => post(url, JSON.stringify(Array.from({ length: 1000 }, () => ({ query: '{ stats { figures } }' })))),
  },
  {
    name: '50 MB of zeros in 50 KB of gzip',
    answer: /PAYLOAD_TOO_LARGE|413/,
    ask: (url) => post(url, new Uint8Array(gzipSync(new Uint8Array(50 * megabyte))), { 'Content-Encoding': 'gzip' }),
  },
  {
    name: 'bytes that are no UTF-8',
    answer: badInput,
    ask: (url) =>
      post(
        url,
        Uint8Array.from({ length: 1000 }, (_, i) => 128 + (i % 128)),
      ),
  },
  {
    name: 'keys named __proto__',
    answer: /^ok$/,
    ask: (url) =>
      post(
        url,
        `{"query": ${JSON.stringify(search)}, "variables": {"query": {"text": "a"}, "__proto__": {"first": 1}, "constructor": {"prototype": {"first": 2}}}}`,
      ),
  },
];

const strings: readonly HostileCase[] = [
  { name: 'a text of a megabyte', answer: badInput, ask: ask(search, { query: { text: filled('x') } }) },
  {
    name: 'a text of quotes and brackets',
    answer: /^ok$/,
    ask: ask(search, { query: { text: '"(*NOT '.repeat(580) } }),
  },
  {
    name: 'a text of 30 marks on each letter',
    answer: /^ok$/,
    ask: ask(search, { query: { text: `a${'\u0301'.repeat(30)}`.repeat(130) } }),
  },
  {
    name: 'a text of spaces in words',
    answer: /^ok$/,
    ask: ask(search, { query: { text: 'a\u00a0\u200b\t'.repeat(1000) } }),
  },
  {
    name: 'a text of marks on one letter',
    answer: badInput,
    ask: ask(search, { query: { text: `a${'\u0301'.repeat(4000)}` } }),
  },
  { name: 'an id of a megabyte', answer: /^ok$/, ask: ask('query($i:ID!){figure(id:$i){id}}', { i: filled('x') }) },
  { name: 'a number of a megabyte', answer: badInput, ask: ask(search, { query: { text: 'a' }, first: filled('9') }) },
  { name: 'a cursor of a megabyte', answer: badInput, ask: ask(search, { query: { text: 'a' }, after: filled('x.') }) },
  {
    name: 'a forged cursor far behind',
    answer: badInput,
    ask: ask(search, { query: { text: 'a' }, after: 'AAAAAAAAAAAA.999999999.AAAAAAAAAAAAAAAAAAAAAA' }),
  },
  { name: 'a page of a billion', answer: badInput, ask: ask(search, { query: { text: 'a' }, first: 1_000_000_000 }) },
  {
    name: '1000 terms',
    answer: badInput,
    ask: ask(search, { query: { terms: Array.from({ length: 1000 }, (_, i) => ({ text: `t${i}` })) } }),
  },
  {
    name: 'a name of a megabyte',
    answer: badInput,
    ask: ask('mutation($n:String!){createCollection(name:$n){id}}', { n: filled('x') }),
  },
  {
    name: 'a picture of base64 that is none',
    answer: badInput,
    ask: ask(search, { query: { image: { base64: filled('!') } } }),
  },
  {
    name: 'base64 that is no picture',
    answer: /^UNSUPPORTED_MEDIA$/,
    ask: ask(search, { query: { image: { base64: filled('A') } } }),
  },
  {
    name: 'a region of nothing',
    answer: badInput,
    ask: (url, [figureId = '']) =>
      post(
        url,
        JSON.stringify({
          query: search,
          variables: { query: { image: { figureId, region: { x: 0, y: 0, width: 1e-320, height: -1 } } } },
        }),
      ),
  },
  {
    name: 'a heat map for a text of a megabyte',
    answer: badInput,
    ask: (url, [id = '']) =>
      post(
        url,
        JSON.stringify({
          query: 'query($i:ID!,$t:String!){figure(id:$i){heatmapUrl(text:$t)}}',
          variables: { i: id, t: filled('x') },
        }),
      ),
  },
  {
    name: 'masks of 1000 figures by 1000 prompts',
    answer: /^(BAD_USER_INPUT|NOT_FOUND)$/,
    ask: ask('mutation($f:[ID!]!,$p:[String!]!){requestMasks(figureIds:$f,prompts:$p){id}}', {
      f: Array.from({ length: 1000 }, String),
      p: Array.from({ length: 1000 }, String),
    }),
  },
  {
    name: 'a heat map over a large deep TIFF',
    answer: /^200$/,
    ask: async (url, ids) => get(url, (await largeFigure(url, ids, 'heatmapUrl(text: "cells")')).heatmapUrl ?? ''),
  },
  {
    name: 'a copy to show of a large deep TIFF',
    answer: /^200$/,
    ask: async (url, ids) => get(url, (await largeFigure(url, ids, 'imageUrl(size: 2048)')).imageUrl ?? ''),
  },
  {
    name: 'a mask on a large deep TIFF',
    answer: /^READY$/,
    ask: async (url, ids) =>
      (await largeFigure(url, ids, 'mask(prompt: "cell", waitMs: 60000) { status }')).mask?.status ?? 'none',
  },
  { name: '30 different errors', answer: badInput, ask: ask(aliases(30, (i) => `article(id:"${i}",doi:"${i}"){id}`)) },
];

interface LargeFigure {
  readonly heatmapUrl?: string;
  readonly imageUrl?: string;
  readonly mask?: { readonly status: string };
}

/** The last figure is the large one. */
async function largeFigure(url: string, ids: readonly string[], field: string): Promise<LargeFigure> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: `query ($id: ID!) { figure(id: $id) { ${field} } }`, variables: { id: ids.at(-1) } }),
  });
  return ((await response.json()) as { data: { figure: LargeFigure } }).data.figure;
}

async function get(url: string, path: string): Promise<string> {
  const response = await fetch(`${url}${path}`);
  await response.arrayBuffer();
  return String(response.status);
}

async function upload(
  url: string,
  body: Uint8Array<ArrayBuffer> | string,
  type = 'application/octet-stream',
): Promise<string> {
  const send = () =>
    fetch(`${url}/uploads`, { method: 'POST', headers: { 'Content-Type': type }, body }).catch(() => null);
  // A server may close an idle connection just as it is used again (RFC 9112, section 9.3.1): the second one is new.
  const response = (await send()) ?? (await send());
  await response?.arrayBuffer();
  return response === null ? 'closed' : String(response.status);
}

const part = (name: string, file: string): string =>
  `--x\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\ny\r\n`;

const others: readonly HostileCase[] = [
  { name: 'a picture of 30,000 × 30,000', answer: /^413$/, ask: (url) => upload(url, drawnPng(30_000, 30_000)) },
  { name: 'a picture of 9000 × 9000', answer: /^201$/, ask: (url) => upload(url, drawnPng(9000, 9000)) },
  {
    name: '20 pictures of 4000 × 4000 at once',
    answer: /^(201|201,429|429,201)$/,
    ask: async (url) => {
      const picture = drawnPng(4000, 4000);
      return [...new Set(await Promise.all(Array.from({ length: 20 }, () => upload(url, picture))))].join();
    },
  },
  {
    name: 'a query by a picture of 9000 × 9000',
    answer: /^ok$/,
    ask: (url) =>
      post(
        url,
        JSON.stringify({
          query: search,
          variables: { query: { image: { base64: Buffer.from(drawnPng(9000, 9000)).toString('base64') } } },
        }),
      ),
  },
  { name: '33 MB of no picture', answer: /^415$/, ask: (url) => upload(url, new Uint8Array(33 * megabyte)) },
  { name: '40 MB', answer: /^(413|closed)$/, ask: (url) => upload(url, new Uint8Array(40 * megabyte)) },
  {
    name: '1000 fields of a form',
    answer: /^(400|413)$/,
    ask: (url) => upload(url, `${part('f', '').repeat(1000)}--x--\r\n`, 'multipart/form-data; boundary=x'),
  },
  {
    name: '1000 files of a form',
    answer: /^(400|413)$/,
    ask: (url) =>
      upload(url, `${part('file', '; filename="a"').repeat(1000)}--x--\r\n`, 'multipart/form-data; boundary=x'),
  },
  { name: 'a heat map of 8000 letters', answer: /^404$/, ask: (url) => get(url, `/heatmaps/${'A'.repeat(8000)}.png`) },
  {
    name: 'an image of a billion pixels',
    answer: /^400$/,
    ask: (url, [id = '']) => get(url, `/images/${id}?size=1000000000`),
  },
  {
    name: 'paths out of the folder',
    answer: /^404$/,
    ask: (url) => get(url, '/masks/..%2f..%2f..%2fetc%2fpasswd.png'),
  },
  {
    name: 'points of the map by a filter that is nested a thousand times',
    answer: /^400$/,
    ask: (url) => get(url, `/atlas/points?filter=${'{"not":'.repeat(1000)}{}${'}'.repeat(1000)}`),
  },
  {
    name: 'points of the map by a filter that is a list of lists',
    answer: /^400$/,
    ask: (url) => get(url, `/atlas/points?filter[a][b]=1&collectionId[]=2`),
  },
  {
    name: 'a page of the map with all of each figure',
    answer: tooComplex,
    ask: ask('{atlas(first:5000){figureIds x y figures{id caption labels attribution article{title}}}}'),
  },
  {
    name: 'the map of 30,000 figures by their ids',
    answer: tooComplex,
    ask: ask('query($ids:[ID!]){atlas(figureIds:$ids){total}}', { ids: Array<string>(30_000).fill('fig_a') }),
  },
  { name: 'an address of 20 KB', answer: /^431$/, ask: (url) => get(url, `/graphql?query=${'x'.repeat(20_000)}`) },
  {
    name: 'a query by GET with 2000 tokens of one field',
    answer: /^400$/,
    ask: (url) => get(url, `/graphql?query={stats{${'id,'.repeat(2000)}}}`),
  },
  { name: 'headers of 30 KB', answer: /^431$/, ask: headerFlood },
  { name: '200 connections that never end their headers', answer: /^held$/, ask: slowHeaders },
  {
    name: '10,000 subscriptions of one socket',
    answer: /RATE_LIMITED/,
    ask: (url) => overSocket(url, 10_000, 'subscription { maskJob(id: "mjb_x") { id } }'),
  },
  {
    name: 'a subscription of 20,000 directives',
    answer: tooComplex,
    ask: (url) => overSocket(url, 1, `subscription { maskJob(id: "x") { id ${'@a '.repeat(20_000)} } }`),
  },
  { name: '600 sockets', answer: /503/, ask: (url) => fromSockets(url, 600) },
];

export const hostileCases: readonly HostileCase[] = [...costly, ...large, ...strings, ...others];
