// How long a search by words takes while an ingest runs beside the server, against an idle machine.
// node tools/bench/search-beside-ingest.mjs FIGURES.jsonl [--figures N] [--seconds 30] [--models DIR --model NAME]
//   --figures: so many records, those of the file taken again under other ids where it has fewer
//   --seconds: of the idle machine; the ingest is followed to its end
// Each search has other words, so that every one of them runs the text tower. Data and indexes are thrown away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '30' },
    figures: { type: 'string' },
    models: { type: 'string' },
    model: { type: 'string' },
  },
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
const cli = path.join(root, 'dist/src/cli.js');
const figseek = (...args) => spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' });

/** The file itself, or one beside its images that has as many records as are wanted. */
function source() {
  if (values.figures === undefined) return path.resolve(figures);
  const records = readFileSync(figures, 'utf8').trim().split('\n');
  const lines = Array.from({ length: Number(values.figures) }, (_, i) => {
    const record = JSON.parse(records[i % records.length]);
    return JSON.stringify({ ...record, id: `${record.id} ${Math.floor(i / records.length)}` });
  });
  const folder = path.dirname(path.resolve(figures));
  const file = path.join(place, 'figures.jsonl');
  // A link would lead out of the folder, which is refused.
  cpSync(path.join(folder, 'figures'), path.join(place, 'figures'), { recursive: true });
  writeFileSync(file, lines.join('\n'));
  return file;
}

async function eventLoop() {
  server.send('');
  const [delay] = await once(server, 'message');
  return delay;
}

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

const watched = ['--import', path.join(import.meta.dirname, 'event-loop.mjs'), cli, 'serve'];
const server = spawn(process.execPath, watched, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
try {
  for (;;) {
    const ready = await fetch('http://127.0.0.1:3977/health/ready').catch(() => null);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  for (let i = 0; i < 10; i++) await search();
  const until = Date.now() + Number(values.seconds) * 1000;
  await eventLoop();
  const idle = await measure(() => Date.now() > until);
  const idleLoop = await eventLoop();
  const ingest = figseek('ingest', source());
  let ended = false;
  const startedAt = Date.now();
  ingest.on('close', () => (ended = true));
  const beside = await measure(() => ended);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(
    JSON.stringify({
      bench: 'search beside ingest',
      idle: { ...idle, eventLoopMs: idleLoop },
      beside: { ...beside, eventLoopMs: await eventLoop() },
      ingestSeconds: seconds,
      exitCode: ingest.exitCode,
      ratioOfP95: Math.round((beside.p95 / idle.p95) * 100) / 100,
    }),
  );
} finally {
  server.kill();
  await once(server, 'close');
  rmSync(place, { recursive: true });
}
