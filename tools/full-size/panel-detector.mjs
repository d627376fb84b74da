// DAB-DETR at full size: imports the folder that `tools/golden/dab_detr.py full FOLDER` wrote, as a user does, and holds boxes
// and scores against those of transformers; tells the seconds of the import and of an image.
// usage: node tools/full-size/panel-detector.mjs FOLDER [--threads 1] [--half-weights]
// Ends with 1 where anything is out of bounds. Takes about a minute; not part of the default tests.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { OnnxPanelDetector } from '#dist/src/adapters/onnx/onnx-panel-detector.js';
import { decodeImage } from '#dist/src/imaging/decode.js';
import { selectDetections } from '#dist/src/imaging/panels/detected-boxes.js';
import { prepareImage } from '#dist/src/imaging/preprocess/preprocess.js';
import { importModelFolder } from '#dist/src/model-import/import-folder.js';
import { ModelRegistry } from '#dist/src/model-packages/package-registry.js';

const bounds = { pixels: 1, score: 1e-3 };
const timedRuns = 5;
const { values: options, positionals } = parseArgs({
  options: { threads: { type: 'string', default: '0' }, 'half-weights': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const precision = options['half-weights'] ? 'fp16-weights' : 'fp32';
const [folder] = positionals;
if (folder === undefined) throw new Error('usage: panel-detector.mjs FOLDER');
const { images } = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8'));
const modelsDir = mkdtempSync(path.join(tmpdir(), 'full-size-detector-'));
let faults = 0;

/** Weights of lower precision move the boxes of a network of noise further than those of a trained one: that is only told. */
function check(holds, what) {
  const isBound = precision === 'fp32';
  console.log(`${isBound ? (holds ? 'ok  ' : 'FAIL') : '    '}  ${what}`);
  if (isBound && !holds) faults += 1;
}

function farthest(found, expected) {
  if (found.length !== expected.length) return Infinity;
  return found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0);
}

async function compare(client, one) {
  const { image } = await decodeImage(readFileSync(path.join(folder, one.file)));
  const { preparation, limits } = client.model;
  const pixels = prepareImage(image, preparation);
  const raw = await client.detect(pixels);
  const boxes = 480 * farthest(raw.boxes, one.boxes.flat());
  const scores = farthest(raw.scores, one.scores.flat());
  const found = selectDetections(raw, limits);
  const edges = found.flatMap(({ left, top, right, bottom }) => [left, top, right, bottom].map((at) => 480 * at));
  const kept = farthest(edges, one.square.boxes.flat());
  const told = `${one.file}: all boxes within ${boxes.toExponential(1)} pixels of 480, scores within ${scores.toExponential(1)}`;
  check(boxes < bounds.pixels && scores < bounds.score, told);
  const ofKept = `${one.file}: keeps ${found.length} boxes, transformers ${one.square.boxes.length}, within ${kept.toExponential(1)} pixels`;
  check(kept < bounds.pixels, ofKept);
  const startedAt = performance.now();
  for (let run = 0; run < timedRuns; run++) await client.detect(pixels);
  console.log(`      ${((performance.now() - startedAt) / timedRuns).toFixed(0)} ms an image`);
}

try {
  const startedAt = performance.now();
  await importModelFolder(folder, { name: 'full', modelsDir, precision });
  console.log(`      imported in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  const model = await new ModelRegistry(modelsDir).loadPanelDetector('full');
  const threads = Number(options.threads);
  const client = new OnnxPanelDetector(model, {
    providers: ['cpu'],
    threads,
    batch: 4,
    timeoutMs: 600_000,
    queue: 100,
  });
  try {
    for (const one of images) await compare(client, one);
  } finally {
    await client.close();
  }
} finally {
  rmSync(modelsDir, { recursive: true, force: true });
}
process.exitCode = faults > 0 ? 1 : 0;
