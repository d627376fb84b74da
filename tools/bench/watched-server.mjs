// A server that is searched while it does something else: how long its answers take, and how long its event loop is held.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/src/cli.js');

/**
 * Starts a server with the sample figures, whose data and indexes are thrown away in the end.
 * @param port of its own a script
 * @param models, model a folder of packages and the one to use; the starter where they are undefined
 * @param work gets the server
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
  const server = {
    place,
    pid: child.pid,
    figseek: (...args) => spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' }),
    ask: (query, variables) => ask(url, query, variables),
    searches: (done) => searches(url, done),
    /** Milliseconds that its event loop was held since the last call. */
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
    await work(server);
  } finally {
    child.kill();
    await once(child, 'close');
    rmSync(place, { recursive: true });
  }
}

async function ask(url, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(errors[0].message);
  return data;
}

let asked = 0;
/** Each search has other words, so that every one of them runs the text tower. */
async function search(url) {
  const text = `electron micrograph number ${asked++} with unusual words ${asked * 7919}`;
  const query = `query ($text: String!) { searchFigures(query: {text: $text, channels: [IMAGE, CAPTION]}, first: 10) { info { embedMs } nodes { rank } } }`;
  const startedAt = performance.now();
  await ask(url, query, { text });
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
