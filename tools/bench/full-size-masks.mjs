// BiomedParse at its released sizes (341 M parameters, made-up weights): time and peak memory of the import, samples of
// full-size.json at 256 pixels, one picture of 1024. Needs about 5 GB of disk. Run after `npm run build`:
//   node tools/bench/full-size-masks.mjs ../shared/golden/biomedparse [folder for the files]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { decodeImage } from '#dist/src/imaging/decode.js';
import { OnnxSegmenter } from '#dist/src/adapters/onnx/onnx-segmenter.js';
import { parseBiomedParseConfig } from '#dist/src/model-import/biomedparse/config.js';
import { importBiomedParse } from '#dist/src/model-import/biomedparse/import-biomedparse.js';
import { expectedShapes } from '#dist/src/model-import/biomedparse/state-dict.js';
import { ModelRegistry } from '#dist/src/model-packages/package-registry.js';
import { writeMadeUpCheckpoint } from './made-up-checkpoint.mjs';
import { squareInput } from './square-input.mjs';

const [golden = '../shared/golden/biomedparse', given, stage] = process.argv.slice(2);
const vocabulary = 49_408;
const stages = { make, import: importIt, check };

if (stage === undefined) {
  const folder = given ?? mkdtempSync(path.join(tmpdir(), 'full-size-'));
  try {
    // A process a stage: each has a peak of memory of its own.
    for (const name of Object.keys(stages)) {
      const { status } = spawnSync(process.execPath, [process.argv[1], golden, folder, name], { stdio: 'inherit' });
      if (status !== 0) throw new Error(`The stage ${name} failed`);
    }
  } finally {
    if (given === undefined) rmSync(folder, { recursive: true });
  }
} else {
  const startedAt = performance.now();
  const found = await stages[stage](path.join(given, 'files'), path.join(given, 'models'));
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  console.log(JSON.stringify({ stage, seconds, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024), ...found }));
}

function expected() {
  return JSON.parse(readFileSync(path.join(golden, 'full-size.json'), 'utf8'));
}

async function make(files) {
  if (existsSync(path.join(files, 'biomedparse_v1.pt'))) return { made: 'before' };
  mkdirSync(files, { recursive: true });
  const yaml = fullSizes(readFileSync(path.join(golden, 'config.yaml'), 'utf8'));
  writeFileSync(path.join(files, 'config.yaml'), yaml);
  writeFileSync(path.join(files, 'target_dist.json'), readFileSync(path.join(golden, 'target_dist.json')));
  const words = Array.from({ length: vocabulary - 2 }, (_, id) => [`word${id}`, id]);
  const marks = [
    ['<|startoftext|>', vocabulary - 2],
    ['<|endoftext|>', vocabulary - 1],
  ];
  writeFileSync(path.join(files, 'vocab.json'), JSON.stringify(Object.fromEntries([...words, ...marks])));
  writeFileSync(path.join(files, 'merges.txt'), '#version: 0.2\n');
  const shapes = expectedShapes(parseBiomedParseConfig(yaml), vocabulary);
  const checks = await writeMadeUpCheckpoint(path.join(files, 'biomedparse_v1.pt'), shapes);
  const wrong = Object.entries(expected().weight_checks).filter(([key, { first3, last, sha256_16: sha }]) => {
    const found = checks[key];
    const near = (a, b) => Math.abs(a - b) < 1e-8;
    return (
      found?.sha256_16 !== sha || !near(found.last, last) || !first3.every((value, i) => near(value, found.first3[i]))
    );
  });
  const parameters = [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return { parameters, tensors: shapes.size, wrongWeights: wrong.map(([key]) => key) };
}

/** The released sizes in the place of the narrow ones (README of the set, “full-size.json”). */
function fullSizes(yaml) {
  const sizes = {
    DIM_PROJ: 512,
    'WIDTH(?=:)': 512,
    LAYERS: 12,
    EMBED_DIM: 192,
    DEPTHS: '[2, 2, 18, 2]',
    CONVS_DIM: 512,
    MASK_DIM: 512,
    TRANSFORMER_ENC_LAYERS: 6,
    HIDDEN_DIM: 512,
    DIM_FEEDFORWARD: 2048,
  };
  return Object.entries(sizes).reduce((text, [name, value]) => {
    const setting = new RegExp(`(\\b(?<!_)${name}): (?:\\[[^\\]]*\\]|[\\w.]+)`);
    if (!setting.test(text)) throw new Error(`config.yaml lacks ${name}`);
    return text.replace(setting, `$1: ${value}`);
  }, yaml);
}

async function importIt(files, modelsDir) {
  const { name, version } = await importBiomedParse(files, { name: 'full', modelsDir, replace: true });
  return { name, version: version.slice(0, 16) };
}

async function check(_files, modelsDir) {
  const model = await new ModelRegistry(modelsDir).loadSegmenter('full');
  const client = new OnnxSegmenter(model, {
    providers: ['cpu'],
    threads: Number(process.env.THREADS ?? 0),
    timeoutMs: 300_000,
    queue: 8,
    cacheBytes: 2 ** 30,
  });
  try {
    const { prompts, image_maps: all, network_input: file, size } = expected();
    // No graph makes the mask features whole; what is made of them is compared.
    const maps = Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'mask_features'));
    const { image } = await decodeImage(readFileSync(path.join(golden, file)));
    const input = squareInput(image.data, size);
    const answers = [];
    for (const prompt of prompts) answers.push(await compared(client, input, prompt, maps));
    const pixels = new Uint8Array(1024 * 1024 * 3).map((_, i) => Math.imul(i, 2654435761) >>> 24);
    const large = squareInput(pixels, 1024);
    const times = [];
    for (const { ids } of [...prompts, ...prompts]) {
      const { imageMs, promptMs } = await client.segment(large, Int32Array.from(ids), 'bulk');
      times.push({ imageMs: imageMs === null ? null : Math.round(imageMs), promptMs: Math.round(promptMs) });
    }
    return { at256: answers, at1024: times, childPeakMiB: peakOf(client.pid) };
  } finally {
    await client.close();
  }
}

/** Largest differences at the sampled places. */
async function compared(client, input, prompt, maps) {
  const ids = Int32Array.from(prompt.ids);
  const queries = prompt.decoder_queries.map((_, i) => `queries_${i}`);
  const names = ['tokens', 'sentence', ...queries, ...Object.keys(maps).map((name) => name.replace(/^map/, 'map_'))];
  const values = await client.inspect(input, ids, names);
  const { logits, similarity, query } = await client.segment(input, ids, 'bulk');
  const text = Math.max(off(values.tokens, prompt.text.tokens), off(values.sentence, prompt.text.class_emb));
  return {
    query,
    expected: prompt.matched_query,
    text,
    maps: Math.max(
      ...Object.entries(maps).map(([name, sampled]) => off(values[name.replace(/^map/, 'map_')], sampled)),
    ),
    queries: Math.max(...prompt.decoder_queries.map((sampled, i) => off(values[`queries_${i}`], sampled))),
    logits: off(logits, prompt.logits),
    similarity: Math.max(...prompt.similarity.map((value, i) => Math.abs(value - similarity[i]))),
    area: logits.filter((logit) => logit > 0).length - prompt.area_at_logit_grid,
  };
}

function off(values, { index, value }) {
  return Math.max(...index.map((at, i) => Math.abs(values[at] - value[i])));
}

/** Linux tells the peak of another process. */
function peakOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
