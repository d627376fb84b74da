// figseek's search and Python's hnswlib in turns: all queries once each, round after round, so that what else the machine
// does falls on both alike. Prints a JSON line an ef: medians over the rounds. One worker against one thread, and what
// two workers give of one; CPU seconds are those of all our threads, the main one included.
// usage: node tools/bench/search-in-turns.mjs FOLDER PYTHON [--rounds 9] [--efs 16,20,28,32,40]
//   FOLDER: vectors are drawn into it; PYTHON: an interpreter with numpy and hnswlib built for this machine
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { FileSource } from '#dist/src/bench/bench-search.js';
import { dimensions, VectorData } from '#dist/src/bench/vector-data.js';
import { buildGeneration } from '#dist/src/adapters/hnsw/generation-builder.js';
import { Segment } from '#dist/src/adapters/hnsw/segment.js';
import { WorkerPool } from '#dist/src/adapters/hnsw/workers/worker-pool.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    efs: { type: 'string', default: '16,20,28,32,40' },
    vectors: { type: 'string', default: '100000' },
  },
});
const [folder, python] = positionals;
const k = 10;
const inFlight = 64;

async function rival() {
  const script = path.join(import.meta.dirname, 'peer_hnswlib.py');
  const child = spawn(python, [script, folder, '--turns'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    async turn(ef) {
      child.stdin.write(`${ef}\n`);
      const [seconds, recall] = (await lines.next()).value.split(' ').map(Number);
      return { seconds, cpu: seconds, recall };
    },
    close: () => child.stdin.end(),
  };
}

async function ours(published, workers, queries, truth) {
  const pool = new WorkerPool(workers);
  const segment = await Segment.open(pool, published.folder, dimensions, published.manifest.kinds.IMAGE);
  const asked = { k, filter: null, signal: undefined };
  truth ??= await Promise.all(queries.map((query) => segment.searchExact(query, asked)));
  return {
    truth,
    async turn(ef) {
      const [startedAt, before] = [performance.now(), process.cpuUsage()];
      let next = 0;
      let found = 0;
      const client = async () => {
        while (next < queries.length) {
          const row = next++;
          const { rows } = await segment.searchApproximate(queries[row], ef, asked);
          found += rows.filter((one) => truth[row].rows.includes(one)).length;
        }
      };
      await Promise.all(Array.from({ length: inFlight }, client));
      const { user, system } = process.cpuUsage(before);
      const seconds = (performance.now() - startedAt) / 1000;
      return { seconds, cpu: (user + system) / 1e6, recall: found / (k * queries.length) };
    },
    close: () => pool.close(),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value) => Math.round(value * 1000) / 1000;

const data = await VectorData.in(folder, Number(options.vectors));
const all = await data.queries();
const queries = Array.from({ length: all.length / dimensions }, (_, row) =>
  all.subarray(row * dimensions, (row + 1) * dimensions),
);
const home = mkdtempSync(path.join(folder, 'in-turns-'));
try {
  // One thread builds, as the rival does: the graphs are the same then.
  const space = { version: 'bench', dimensions };
  const published = await buildGeneration(home, space, new FileSource(data), { engine: 'hnsw', workers: 1 });
  const one = await ours(published, 1, queries);
  const two = await ours(published, 2, queries, one.truth);
  const contenders = { hnswlib: await rival(), one, two };
  for (const ef of options.efs.split(',').map(Number)) {
    /** @type {Record<string, Awaited<ReturnType<typeof one.turn>>[]>} */
    const turns = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    for (let i = 0; i <= Number(options.rounds); i++) {
      for (const [name, contender] of Object.entries(contenders)) {
        const turn = await contender.turn(ef);
        // The first round warms up.
        if (i > 0) turns[name].push(turn);
      }
    }
    const of = (name, what) => median(turns[name].map((turn) => turn[what]));
    const line = {
      ...{ ef, load: round(loadavg()[0]), recall: { hnswlib: of('hnswlib', 'recall'), figseek: of('one', 'recall') } },
      perSecond: Object.fromEntries(
        Object.keys(turns).map((name) => [name, Math.round(queries.length / of(name, 'seconds'))]),
      ),
      ratio: round(of('hnswlib', 'seconds') / of('one', 'seconds')),
      ratioPerCpuSecond: round(of('hnswlib', 'cpu') / of('one', 'cpu')),
      twoAgainstOne: round(of('one', 'seconds') / of('two', 'seconds')),
    };
    console.log(JSON.stringify(line));
  }
  for (const contender of Object.values(contenders)) await contender.close();
} finally {
  rmSync(home, { recursive: true });
}
