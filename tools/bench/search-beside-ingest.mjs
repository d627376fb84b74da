// How long a search by words takes while an ingest runs beside the server, against an idle machine.
// node tools/bench/search-beside-ingest.mjs FIGURES.jsonl [--seconds 30] [--models DIR --model NAME]
// Each search has other words, so that every one of them runs the text tower. Data and indexes are thrown away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '30' }, models: { type: 'string' }, model: { type: 'string' } },
});
const [figures] = positionals;
if (figures === undefined) throw new Error('Expected a .jsonl file of figures');
const root = path.join(import.meta.dirname, '../..');
const place = mkdtempSync(path.join(tmpdir(), 'beside-'));
const env = {
  ...process.env,
  FIGSEEK_DATA: path.join(place, 'data'),
  FIGSEEK_INDEXES: path.join(place, 'indexes'),
  FIGSEEK_PORT: '3977',
  FIGSEEK_SAMPLES: 'auto',
  ...(values.models === undefined ? {} : { FIGSEEK_MODELS: path.resolve(values.models) }),
  ...(values.model === undefined ? {} : { FIGSEEK_MODEL: values.model }),
};
const figseek = (...args) =>
  spawn(process.execPath, [path.join(root, 'dist/src/cli.js'), ...args], { env, stdio: 'ignore' });

let asked = 0;
async function search() {
  const text = `electron micrograph number ${asked++} with unusual words ${asked * 7919}`;
  const query = `query ($text: String!) { searchFigures(query: {text: $text, channels: [IMAGE, CAPTION]}, first: 10) { info { embedMs } nodes { rank } } }`;
  const startedAt = performance.now();
  const response = await fetch('http://127.0.0.1:3977/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables: { text } }),
  });
  const { errors } = await response.json();
  if (errors !== undefined) throw new Error(errors[0].message);
  return performance.now() - startedAt;
}

/** Three searches a second, as a person or two would; until `done` says so. */
async function measure(done) {
  const times = [];
  while (!done()) {
    times.push(await search());
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const sorted = times.sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { searches: times.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

const server = figseek('serve');
try {
  for (;;) {
    const ready = await fetch('http://127.0.0.1:3977/health/ready').catch(() => null);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  for (let i = 0; i < 10; i++) await search();
  const until = Date.now() + Number(values.seconds) * 1000;
  const idle = await measure(() => Date.now() > until);
  const ingest = figseek('ingest', path.resolve(figures));
  let ended = false;
  const startedAt = Date.now();
  ingest.on('close', () => (ended = true));
  const beside = await measure(() => ended || Date.now() > startedAt + 10 * Number(values.seconds) * 1000);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  if (!ended) ingest.kill();
  console.log(
    JSON.stringify({
      bench: 'search beside ingest',
      idle,
      beside,
      ingestSeconds: seconds,
      whole: ended,
      ratioOfP95: Math.round((beside.p95 / idle.p95) * 100) / 100,
    }),
  );
} finally {
  server.kill();
  await once(server, 'close');
  rmSync(place, { recursive: true });
}
