import { rm, stat, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { articleIdOf, figureIdOf, imageHashOf, panelIdOf } from '../domain/ids.js';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { openStores } from '../app/open-stores.js';
import type { GivenArticle } from '../domain/article.js';
import type { FigureWrite } from '../domain/figure-write.js';
import { percentiles, round } from './measuring.js';
import { startServer } from './server-process.js';
import { dimensions, VectorData } from './vector-data.js';

export interface ApiBench {
  readonly folder: string;
  readonly figures: number;
  readonly clients: number;
  readonly seconds: number;
  readonly model: DualEncoder;
  /** The folder of packages that the server takes its model from. */
  readonly modelsDir: string;
}

const figuresPerWrite = 1000;
/** Made-up words, used as often as words are: the n-th about once in n (Zipf). */
const vocabulary = 20_000;

/** The variables of each question, under the name that the table shows. The vector of a stored figure is known: no model runs. */
const questions = [
  ['vector at hand, IMAGE', (id: string) => ({ query: { image: { figureId: id }, channels: ['IMAGE'] } })],
  ['vector at hand, IMAGE and CAPTION', (id: string) => ({ query: { image: { figureId: id } } })],
  ['words, KEYWORD', (_: string, turn: number) => ({ query: { text: makeWords(turn), channels: ['KEYWORD'] } })],
  ['words, all channels', (_: string, turn: number) => ({ query: { text: makeWords(turn) } })],
  [
    'vector at hand, filter of a tenth',
    (id: string) => ({ query: { image: { figureId: id }, channels: ['IMAGE'] }, filter: { labels: ['label 3'] } }),
  ],
] as const;

const document = `query ($query: SearchInput!, $filter: FigureFilter) {
  searchFigures(query: $query, filter: $filter, first: 10) { nodes { rank score figure { id caption } } info { total } }
}`;

/** Searches through GraphQL over HTTP, with clients that ask one after the other without a pause. */
export async function* benchApi(bench: ApiBench): AsyncGenerator<Readonly<Record<string, unknown>>> {
  await fillDatabase(bench);
  const server = await startServer(bench.folder, { FIGSEEK_MODELS: bench.modelsDir });
  try {
    for (const [name, toVariables] of questions) {
      await measureSearches({ ...bench, seconds: 2 }, server.url, toVariables);
      await server.delay();
      const times = await measureSearches(bench, server.url, toVariables);
      yield {
        bench: 'api',
        figures: bench.figures,
        clients: bench.clients,
        question: name,
        searchesPerSecond: round(times.length / bench.seconds),
        ms: percentiles(times),
        eventLoopDelayMs: await server.delay(),
      };
    }
  } finally {
    await server.stop();
  }
}

/** Figures with drawn vectors and no images, unless the folder has them already. */
async function fillDatabase({ folder, figures, model }: ApiBench): Promise<void> {
  const done = path.join(folder, `filled-${figures}`);
  if ((await stat(done).catch(() => null)) !== null) return;
  await rm(path.join(folder, 'data'), { recursive: true, force: true });
  const data = await VectorData.in(path.join(folder, 'vectors'), figures);
  const stores = await openStores({ data: path.join(folder, 'data') });
  for (let from = 0; from < figures; from += figuresPerWrite) {
    const to = Math.min(figures, from + figuresPerWrite);
    const vectors = await data.vectors(from, to);
    await stores.writer.replace(
      Array.from({ length: to - from }, (_, row) =>
        makeFigure(from + row, model, vectors.subarray(row * dimensions, (row + 1) * dimensions)),
      ),
    );
  }
  await stores.close();
  await writeFile(done, '');
}

const figureSize = { width: 640, height: 480 };

function makeFigure(number: number, { version, dimensions: size }: DualEncoder, drawn: Float32Array): FigureWrite {
  const article = makeArticle(Math.floor(number / 5));
  const figureId = figureIdOf(`bench-${number}`);
  const panelId = panelIdOf(figureId, 0);
  return {
    article,
    figure: {
      id: figureId,
      source: 'bench',
      sourceKey: `bench-${number}`,
      articleId: article.id,
      label: `Figure ${number % 5}`,
      caption: `A ${makeWords(number)} of the ${makeWords(number * 7)} with ${makeWords(number * 11)}, ${makeWords(number * 13)} and ${makeWords(number * 17)}.`,
      alt: null,
      credit: null,
      license: null,
      licenseText: null,
      labels: [`label ${number % 10}`],
      mentions: [],
      modality: `modality ${number % 12}`,
      imageHash: imageHashOf(Buffer.from(String(number))),
      ...figureSize,
      pixelSpacing: null,
      valueRange: null,
      panelOrigin: null,
      panelSuggestion: null,
      createdAt: new Date(0),
    },
    recordHash: String(number),
    panels: [{ id: panelId, figureId, label: null, caption: null, box: { x: 0, y: 0, ...figureSize } }],
    embeddings: [
      { panelId, space: version, kind: 'IMAGE', vector: normalizePart(drawn, 0, size) },
      { panelId, space: version, kind: 'CAPTION', vector: normalizePart(drawn, dimensions - size, size) },
    ],
  };
}

function makeArticle(number: number): GivenArticle {
  return {
    id: articleIdOf(`bench-${number}`),
    pmcid: `PMC${number}`,
    pmid: null,
    doi: null,
    title: `On the ${makeWords(number)}`,
    authors: ['A. Author'],
    journal: `Journal ${number % 40}`,
    year: 1990 + (number % 35),
    license: 'CC BY 4.0',
    licenseText: null,
    url: null,
    retracted: null,
  };
}

function normalizePart(vector: Float32Array, from: number, size: number): Float32Array {
  const part = Float32Array.from({ length: size }, (_, i) => vector[from + i] ?? 0);
  const length = Math.hypot(...part);
  return part.map((value) => value / length);
}

/** Two words, the same for each number. */
function makeWords(number: number): string {
  return `${makeWord(number)} ${makeWord(number * 31 + 7)}`;
}

function makeWord(number: number): string {
  const drawn = ((Math.imul(number + 1, 2_654_435_761) >>> 0) + 1) / 2 ** 32;
  return `w${Math.floor(vocabulary ** drawn).toString(36)}x`;
}

/** @returns milliseconds of each search */
async function measureSearches(
  { clients, seconds, figures }: ApiBench,
  url: string,
  toVariables: (figureId: string, turn: number) => object,
): Promise<readonly number[]> {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  let turn = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const number = (turn++ * 7919) % figures;
      const variables = toVariables(figureIdOf(`bench-${number}`), number);
      const startedAt = performance.now();
      const answer = await post(`${url}/graphql`, JSON.stringify({ query: document, variables }), agent);
      const { errors } = JSON.parse(answer) as { errors?: readonly { message: string }[] };
      if (errors?.[0] !== undefined) throw new Error(errors[0].message);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return times;
}

/** A quarter of the processor time of `fetch`: the clients share the cores with the server. */
function post(url: string, body: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      text(response).then(resolve, reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
