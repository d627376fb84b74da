// A server that is searched while it does something else: how long its answers take, and how long its event loop is held.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askGraphql } from '../ask-graphql.mjs';

const root = path.join(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/src/cli.js');

/**
 * What a measurement does with the server.
 * @typedef {object} WatchedServer
 * @property {string} place a folder that is deleted in the end
 * @property {number | undefined} pid
 * @property {(...args: string[]) => import('node:child_process').ChildProcess} figseek starts a command on its data
 * @property {(query: string, variables?: Readonly<Record<string, unknown>>) => ReturnType<typeof askGraphql>} ask
 * @property {(done: () => boolean) => ReturnType<typeof searches>} searches searches until `done`
 * @property {() => Promise<Readonly<Record<'p50' | 'p99' | 'max', number>>>} eventLoop milliseconds that its event loop was
 *   held since the last call
 */

/**
 * Starts a server with the sample figures, whose data and indexes are thrown away in the end.
 * @param {{ port: number, models?: string | undefined, model?: string | undefined }} options `port`: of its own a script;
 *   `models` and `model`: a folder of packages and the one to use, the starter where they are absent
 * @param {(server: WatchedServer) => Promise<void>} work
 */
export async function withServer({ port, models, model }, work) {
  const place = mkdtempSync(path.join(tmpdir(), 'watched-'));
  const env = {
    ...process.env,
    FIGSEEK_DATA: path.join(place, 'data'),
    FIGSEEK_INDEXES: path.join(place, 'indexes'),
    FIGSEEK_PORT: String(port),
    FIGSEEK_SAMPLES: 'always',
    ...(models === undefined ? {} : { FIGSEEK_MODELS: path.resolve(models) }),
    ...(model === undefined ? {} : { FIGSEEK_MODEL: model }),
  };
  const url = `http://127.0.0.1:${port}`;
  const watched = ['--import', path.join(import.meta.dirname, 'event-loop.mjs'), cli, 'serve'];
  const child = spawn(process.execPath, watched, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  /** @type {WatchedServer} */
  const server = {
    place,
    pid: child.pid,
    figseek: (...args) => spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' }),
    ask: (query, variables) => askGraphql(url, query, variables),
    searches: (done) => searches(url, done),
    async eventLoop() {
      child.send('');
      const [delay] = await once(child, 'message');
      return delay;
    },
  };
  try {
    for (;;) {
      const ready = await fetch(`${url}/health/ready`).catch(() => null);
      if (ready?.ok) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    // It answers before the samples are drawn.
    for (;;) {
      const { ingestRuns } = await server.ask('{ ingestRuns(first: 1) { nodes { state } } }');
      if (ingestRuns.nodes[0]?.state === 'DONE') break;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await work(server);
  } finally {
    child.kill();
    await once(child, 'close');
    rmSync(place, { recursive: true });
  }
}

let asked = 0;
/** Each search has other words, so that every one of them runs the text tower. */
async function search(url) {
  const text = `electron micrograph number ${asked++} with unusual words ${asked * 7919}`;
  const query = `query ($text: String!) { searchFigures(query: {text: $text, channels: [IMAGE, CAPTION]}, first: 10) { info { embedMs } nodes { rank } } }`;
  const startedAt = performance.now();
  await askGraphql(url, query, { text });
  return performance.now() - startedAt;
}

/** Three searches a second, as a person or two would; until `done` says so. @returns milliseconds */
async function searches(url, done) {
  const times = [];
  while (!done()) {
    times.push(await search(url));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const sorted = times.sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { searches: times.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** The idle machine, after a warm-up. */
export async function idle(server, seconds) {
  const warm = Date.now() + 3000;
  await server.searches(() => Date.now() > warm);
  await server.eventLoop();
  const until = Date.now() + seconds * 1000;
  const times = await server.searches(() => Date.now() > until);
  return { ...times, eventLoopMs: await server.eventLoop() };
}
