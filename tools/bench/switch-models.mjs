// A switch of models in a running server, on real figures and under constant search, with `models use` killed at random
// moments. The second model gives the starter's vectors times -1: answers of one model are the same by either, and a
// query of one in the index of the other would give them backwards. Prints a JSON line.
// usage: node tools/bench/switch-models.mjs FIGURES.jsonl [--kills 5] [--seed 1]     (after npm run build:server)
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { newPlace, run, start, startServer } from '#dist/test/support/figseek-process.js';
import { twoModels } from '#dist/test/support/two-models.js';
import { askGraphql } from '../ask-graphql.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } },
});
const texts = [
  'blood smear',
  'chest radiograph of an adult',
  'bacteria under the microscope',
  'the muscles of the arm',
];
const query = `query ($text: String!) { searchFigures(query: {text: $text, channels: [IMAGE, CAPTION]}, first: 10) {
  nodes { figure { id } } info { model total } } }`;

const [place, env] = [newPlace(), twoModels()];
const ingested = await run(place, ['ingest', positionals[0]], env);
if (ingested.code !== 0) throw new Error(ingested.stderr);
const server = await startServer(place, env);

async function find(text) {
  const { nodes, info } = (await askGraphql(server.url, query, { text })).searchFigures;
  return { ids: nodes.map(({ figure }) => figure.id).join(), ...info };
}

const right = new Map();
for (const text of texts) right.set(text, await find(text));
const told = { answers: 0, failed: 0, mixed: 0, byModel: {} };
const times = [];
let isOver = false;
async function searchOn() {
  for (let turn = 0; !isOver; turn++) {
    const text = texts[turn % texts.length];
    const startedAt = performance.now();
    const answer = await find(text).catch(() => null);
    times.push(performance.now() - startedAt);
    told.answers += 1;
    if (answer === null) told.failed += 1;
    else {
      told.byModel[answer.model] = (told.byModel[answer.model] ?? 0) + 1;
      const expected = right.get(text);
      if (answer.ids !== expected.ids || answer.total !== expected.total) told.mixed += 1;
    }
    await wait(5);
  }
}
const searching = Promise.all([searchOn(), searchOn()]);

let seed = Number(options.seed);
const draw = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const killedAfterMs = [];
for (let i = 0; i < Number(options.kills); i++) {
  const child = start(place, ['models', 'use', 'other'], env);
  const after = Math.round(1500 + draw() * 12_000);
  await Promise.race([once(child, 'close'), wait(after)]);
  if (child.exitCode === null) killedAfterMs.push(after);
  child.kill('SIGKILL');
}
const { code, stdout } = await run(place, ['models', 'use', 'other'], env);
if (code !== 0) throw new Error(stdout);
for (let i = 0; i < 100 && (await find(texts[0])).model !== 'other'; i++) await wait(100);
await wait(2000);
isOver = true;
await searching;
await server.stop();
times.sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.floor(times.length * share)]);
console.log(
  JSON.stringify({
    figures: right.get(texts[0]).total,
    killedAfterMs,
    lastLine: stdout.trim(),
    ...told,
    ms: { p50: at(0.5), p95: at(0.95) },
  }),
);
