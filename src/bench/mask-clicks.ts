import { loadavg } from 'node:os';
import { startServer } from './server-process.js';
import { percentiles, round } from './measuring.js';

const maxFigures = 100;
const figuresQuery = `{ figures(first: ${maxFigures}) { nodes { id } } }`;
const maskQuery = `query ($id: ID!) {
  figure(id: $id) { mask(prompt: "lung", waitMs: 60000) { status error model overlayUrl } }
}`;

export interface ClickBench {
  /** A segmenter package; null for the one that a server takes. */
  readonly model: string | null;
  /** The folder of packages that the server takes it from. */
  readonly modelsDir: string;
  readonly threads: number;
}

interface Clicked {
  readonly figure: {
    readonly mask: {
      readonly status: string;
      readonly error: string | null;
      readonly model: string;
      readonly overlayUrl: string | null;
    };
  };
}

/**
 * From a click to the mask over the picture: GraphQL over HTTP to a running server, then the PNG. Each figure is asked
 * once; the first one waits for the segmenter to start and is told apart.
 * @param folder a data folder with some figures; all are asked
 */
export async function benchMaskClicks(
  folder: string,
  { model, modelsDir, threads }: ClickBench,
): Promise<Readonly<Record<string, unknown>>> {
  const server = await startServer(folder, {
    FIGSEEK_MODELS: modelsDir,
    FIGSEEK_INFERENCE_THREADS: String(threads),
    ...(model === null ? {} : { FIGSEEK_SEGMENTER: model }),
  });
  try {
    const listed = await ask<{ figures: { nodes: { id: string }[] } }>(server.url, figuresQuery, {});
    const times: number[] = [];
    let drawnBy = '';
    for (const { id } of listed.figures.nodes) {
      const startedAt = performance.now();
      const { figure } = await ask<Clicked>(server.url, maskQuery, { id });
      const { status, error, overlayUrl } = figure.mask;
      if (status !== 'READY' || overlayUrl === null) throw new Error(`The mask of ${id} is ${status}: ${error ?? ''}`);
      const png = await fetch(new URL(overlayUrl, server.url));
      if (!png.ok) throw new Error(`The picture of a mask was answered with ${png.status}`);
      await png.arrayBuffer();
      times.push(performance.now() - startedAt);
      drawnBy = figure.mask.model;
    }
    const [cold = 0, ...warm] = times;
    return {
      bench: 'mask-clicks',
      model: drawnBy,
      threads,
      figures: warm.length,
      clickMs: percentiles(warm),
      coldMs: round(cold),
      load: round(loadavg()[0] ?? 0),
    };
  } finally {
    await server.stop();
  }
}

async function ask<Data>(url: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: readonly { message: string }[] };
  if (errors?.[0] !== undefined) throw new Error(errors[0].message);
  return data;
}
