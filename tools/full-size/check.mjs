// BiomedCLIP at full size: makes the checkpoint by rule, imports it as a user does, and holds the embeddings against
// those of the official code (golden/biomedclip/full-size.json).
// usage: node tools/full-size/check.mjs [--keep DIR] [--precisions fp32,fp16-weights,fp16,int8]
//   --keep DIR   the checkpoint stays in DIR and is used again from there, with its packages in DIR/models
// Ends with 1 where anything is out of bounds. Takes some minutes, 5 GB of disk; not part of the default tests.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { packageRoot } from '#dist/src/app/config.js';
import { decodeImage } from '#dist/src/imaging/decode.js';
import { OnnxEncoder } from '#dist/src/adapters/onnx/onnx-encoder.js';
import { ModelRegistry } from '#dist/src/model-packages/package-registry.js';
import { elementsOf, shapesOf, wrongTensors, writeFolder } from './weights.mjs';

const bounds = { cosine: 0.9999, difference: 2e-4, importSeconds: 60, memory: 1.2 };
const golden = path.join(process.env.FIGSEEK_SHARED ?? path.resolve(packageRoot, '../shared'), 'golden/biomedclip');
const { values: options } = parseArgs({
  options: { keep: { type: 'string' }, precisions: { type: 'string', default: 'fp32,fp16-weights,fp16,int8' } },
});
const faults = [];

function check(holds, what) {
  console.log(`${holds ? 'ok  ' : 'FAIL'}  ${what}`);
  if (!holds) faults.push(what);
}

async function makeCheckpoint(folder, expected) {
  check(
    wrongTensors(JSON.parse(readFileSync(path.join(golden, 'prng.json'), 'utf8'))).length === 0,
    'the rule gives the values of prng.json',
  );
  const shapes = shapesOf(expected.dims);
  const count = shapes.reduce((sum, [, shape]) => sum + elementsOf(shape), 0);
  check(
    count === expected.totalElements && shapes.length === expected.keys,
    `${shapes.length} tensors of ${count} values`,
  );
  if (!existsSync(path.join(folder, 'vocab.txt'))) {
    const startedAt = performance.now();
    await writeFolder(folder, expected);
    console.log(`      written in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return 4 * count;
}

/** Runs `figseek models import` in a process of its own. @returns seconds, CPU seconds, bytes of its peak memory */
async function importPackage(folder, modelsDir, name, precision) {
  const measured = new URL('./peak-memory.mjs', import.meta.url).href;
  const args = ['models', 'import', folder, '--as', name, '--precision', precision, '--replace'];
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', measured, path.join(packageRoot, 'dist/src/cli.js'), ...args], {
    env: { ...process.env, FIGSEEK_MODELS: modelsDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`The import of ${precision} ended with ${code}: ${text}`);
  const told = (what) => Number(new RegExp(`^${what} ([\\d.]+)$`, 'm').exec(text)?.[1]);
  return { seconds: (performance.now() - startedAt) / 1000, cpu: told('cpu'), peak: told('peak') };
}

function compare(vector, expected) {
  let [dot, aa, bb, difference] = [0, 0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    dot += vector[i] * expected[i];
    aa += vector[i] ** 2;
    bb += expected[i] ** 2;
    difference = Math.max(difference, Math.abs(vector[i] - expected[i]));
  }
  return { cosine: dot / Math.sqrt(aa * bb), difference };
}

/** @returns id, cosine and largest difference of each image and text */
async function embed(modelsDir, name, expected) {
  const model = await new ModelRegistry(modelsDir).load(name);
  const encoder = new OnnxEncoder(model, {
    providers: ['cpu'],
    threads: 0,
    batch: 8,
    timeoutMs: 600_000,
    queue: 100,
  });
  try {
    const pixels = await Promise.all(
      expected.images.map(async ({ file }) =>
        model.preprocess((await decodeImage(readFileSync(path.join(golden, file)))).image),
      ),
    );
    const images = await encoder.embedImages(pixels, 'bulk');
    const texts = await encoder.embedTokens(
      expected.texts.map(({ ids }) => Int32Array.from(ids)),
      'bulk',
    );
    return [...expected.images, ...expected.texts].map(({ id, normalized }, row) => ({
      id,
      ...compare([...images, ...texts][row], normalized),
    }));
  } finally {
    await encoder.close();
  }
}

async function checkPrecision(precision, folder, modelsDir, bytes, expected) {
  const name = precision === 'fp32' ? 'full-size' : `full-size-${precision}`;
  const { seconds, cpu, peak } = await importPackage(folder, modelsDir, name, precision);
  const share = peak / bytes;
  check(seconds < bounds.importSeconds, `${precision}: imported in ${seconds.toFixed(1)} s (CPU ${cpu.toFixed(1)} s)`);
  check(
    share <= bounds.memory,
    `${precision}: peak memory ${(peak / 1e6).toFixed(0)} MB, ${share.toFixed(2)} × the checkpoint`,
  );
  for (const { id, cosine, difference } of await embed(modelsDir, name, expected)) {
    const what = `${precision}: ${id}: cosine ${cosine.toFixed(7)}, largest difference ${difference.toExponential(1)}`;
    // What a lower precision may differ by is for `models verify` on the user's own corpus to say.
    if (precision === 'fp32') check(cosine >= bounds.cosine && difference <= bounds.difference, what);
    else console.log(`      ${what}`);
  }
}

const folder = options.keep ?? mkdtempSync(path.join(tmpdir(), 'full-size-'));
try {
  mkdirSync(folder, { recursive: true });
  console.log(`load of the machine: ${loadavg()[0].toFixed(2)}`);
  const expected = JSON.parse(readFileSync(path.join(golden, 'full-size.json'), 'utf8'));
  const bytes = await makeCheckpoint(folder, expected);
  for (const precision of options.precisions.split(',')) {
    await checkPrecision(precision, folder, path.join(folder, 'models'), bytes, expected);
  }
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true });
}
if (faults.length > 0) process.exitCode = 1;
