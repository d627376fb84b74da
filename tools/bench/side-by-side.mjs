// figseek and open_clip in turns: one batch each, round after round, so that what else the machine does falls on all
// alike. Prints a JSON line a kind and batch size: medians over the rounds, by the wall clock and by CPU time.
// usage: node tools/bench/side-by-side.mjs FOLDER PYTHON [--threads 1] [--rounds 7] [--batches 1,8] [--kinds images,captions,padded] [--run 64] [--tokens 16384]
//   --run, --tokens: most images and tokens of one run, into which figseek cuts a batch (`models calibrate` measures what suits)
//   padded: the captions, which open_clip pads to the whole context, as its own tokenizer does
//   FOLDER: of `tools/full-size/check.mjs --keep FOLDER`; PYTHON: an interpreter with tools/bench/requirements.txt
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { drawnCaptions, noise } from '#dist/src/bench/embed-inputs.js';
import { OnnxEncoder } from '#dist/src/adapters/onnx/onnx-encoder.js';
import { ModelRegistry } from '#dist/src/model-packages/package-registry.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    batches: { type: 'string', default: '1,8' },
    kinds: { type: 'string', default: 'images' },
    run: { type: 'string', default: '64' },
    tokens: { type: 'string', default: '16384' },
    models: { type: 'string', default: 'full-size,full-size-int8' },
  },
});
const [folder, python] = positionals;
const threads = Number(options.threads);
const ticksPerSecond = 100;

/** CPU seconds that a process has used. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function ours(name) {
  const model = await new ModelRegistry(path.join(folder, 'models')).load(name);
  const encoder = new OnnxEncoder(model, {
    providers: ['cpu'],
    threads,
    batch: Number(options.run),
    tokens: Number(options.tokens),
    timeoutMs: 600_000,
    queue: 100,
  });
  await encoder.start();
  const pixels = noise(model.preparation.size ** 2 * 3);
  const captions = drawnCaptions(model).toSorted((a, b) => a.length - b.length);
  return {
    name,
    async turn(kind, batch) {
      const [wall, cpu] = [performance.now(), cpuOf(encoder.pid)];
      if (kind === 'images') await encoder.embedImages(Array(batch).fill(pixels), 'bulk');
      for (let start = 0; kind !== 'images' && start < captions.length; start += batch) {
        await encoder.embedTokens(captions.slice(start, start + batch), 'bulk');
      }
      return [(performance.now() - wall) / 1000, cpuOf(encoder.pid) - cpu];
    },
    close: () => encoder.close(),
  };
}

async function rival() {
  const script = path.join(import.meta.dirname, 'peer_open_clip.py');
  const child = spawn(python, [script, folder, '--turns', '--threads', String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${python} ${script} ended; its reason stands above`);
    return value;
  };
  await line();
  return {
    name: 'open_clip',
    async turn(kind, batch) {
      child.stdin.write(`${kind} ${batch}\n`);
      return (await line()).split(' ').map(Number);
    },
    close: async () => {
      child.stdin.end();
    },
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value) => Math.round(value * 100) / 100;

const contenders = [await rival()];
for (const name of options.models.split(',')) contenders.push(await ours(name));
for (const kind of options.kinds.split(',')) {
  for (const batch of options.batches.split(',').map(Number)) {
    /** @type {Map<string, number[][]>} */
    const times = new Map(contenders.map(({ name }) => [name, []]));
    for (const one of contenders) await one.turn(kind, batch);
    for (let i = 0; i < Number(options.rounds); i++) {
      for (const one of contenders) times.get(one.name)?.push(await one.turn(kind, batch));
    }
    const inputs = kind === 'images' ? batch : 32;
    const rates = (which) =>
      Object.fromEntries([...times].map(([name, all]) => [name, round(inputs / median(all.map((one) => one[which])))]));
    const load = round(loadavg()[0]);
    console.log(JSON.stringify({ kind, batch, threads, perSecond: rates(0), perCpuSecond: rates(1), load }));
  }
}
for (const one of contenders) await one.close();
