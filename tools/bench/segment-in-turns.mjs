// BiomedParse at its released sizes by figseek and by the official code, in turns: a new picture and some prompts each,
// round after round. Prints a JSON line a round and one of medians and ratios; fails where the answers differ.
// usage: node tools/bench/segment-in-turns.mjs FOLDER OFFICIAL PYTHON [--size 1024] [--threads 1] [--rounds 3] [--prompts 3]
//   FOLDER: as `tools/bench/full-size-masks.mjs ../shared/golden/biomedparse FOLDER` leaves it; OFFICIAL: a folder with the official code
//   (github microsoft/BiomedParse at 750eb40); PYTHON: an interpreter with torch, torchvision and PyYAML
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { noise } from '#dist/src/bench/embed-inputs.js';
import { OnnxSegmenter } from '#dist/src/adapters/onnx/onnx-segmenter.js';
import { postprocessMask } from '#dist/src/masks/postprocess-mask.js';
import { ModelRegistry } from '#dist/src/model-packages/package-registry.js';
import { squareInput } from './square-input.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '1024' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    prompts: { type: 'string', default: '3' },
  },
});
const [folder, official, python] = positionals;
const [size, threads, rounds, count] = [options.size, options.threads, options.rounds, options.prompts].map(Number);
const [start, end] = [49_406, 49_407];
/** Some tokens between start and end, other ones for each prompt. */
const prompts = Array.from({ length: count }, (_, i) => [start, 1823 + 97 * i, 8247 - 31 * i, 539, end]);
const scratch = mkdtempSync(path.join(tmpdir(), 'turns-'));

async function ours() {
  const model = await new ModelRegistry(path.join(folder, 'models')).loadSegmenter('full');
  const client = new OnnxSegmenter(model, {
    providers: ['cpu'],
    threads,
    timeoutMs: 600_000,
    queue: 8,
    cacheBytes: 2 ** 30,
  });
  await client.start();
  return {
    async turn(pixels) {
      const input = squareInput(pixels, size);
      const answers = [];
      for (const ids of prompts) {
        const startedAt = performance.now();
        const raw = await client.segment(input, Int32Array.from(ids), 'bulk');
        const { query, areaPixels: area } = postprocessMask(raw, input, null);
        answers.push({
          query,
          area,
          seconds: (performance.now() - startedAt) / 1000,
          image: (raw.imageMs ?? 0) / 1000,
          prompt: raw.promptMs / 1000,
        });
      }
      return {
        image: answers[0].image,
        first: answers[0].seconds,
        prompts: answers.slice(1).map(({ prompt }) => prompt),
        further: answers.slice(1).map(({ seconds }) => seconds),
        answers,
      };
    },
    peakMiB: () =>
      Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${client.pid}/status`, 'utf8'))?.[1]) / 1024),
    close: () => client.close(),
  };
}

async function rival() {
  const script = path.join(import.meta.dirname, 'peer_biomedparse.py');
  const weights = path.join(folder, 'files', 'biomedparse_v1.pt');
  const child = spawn(python, [script, official, weights, '--threads', String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the rival ended; its reason stands above');
    return JSON.parse(value);
  };
  const ask = (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return next();
  };
  const { torch } = await next();
  let peak = 0;
  return {
    torch,
    async turn(pixels) {
      const file = path.join(scratch, 'picture');
      writeFileSync(file, pixels);
      const { backbone, pixelDecoder } = (await ask({ image: file, size })).seconds;
      const answers = [];
      for (const ids of prompts) answers.push(await ask({ ids }));
      peak = answers.at(-1).peakMiB;
      const whole = answers.map(({ seconds: { text, decoder, match } }) => text + decoder + match);
      const decoders = answers.slice(1).map(({ seconds: { decoder } }) => decoder);
      return {
        backbone,
        pixelDecoder,
        first: backbone + pixelDecoder + whole[0],
        further: whole.slice(1),
        decoders,
        answers,
      };
    },
    peakMiB: () => peak,
    close: () => child.stdin.end(),
  };
}

/** A few pixels at the edge of a mask may fall to either side. */
function checkEqual(a, b) {
  a.answers.forEach(({ query, area }, i) => {
    const other = b.answers[i];
    if (query !== other.query || Math.abs(area - other.area) > 0.001 * size * size) {
      throw new Error(
        `prompt ${i}: ours is query ${query}, area ${area}; the official one ${other.query}, ${other.area}`,
      );
    }
  });
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value) => Math.round(value * 1000) / 1000;
const rounded = (times) =>
  JSON.parse(
    JSON.stringify(times, (key, value) =>
      key === 'answers' ? undefined : typeof value === 'number' ? round(value) : value,
    ),
  );

const grain = noise(size * size * 3 + rounds + 1);
try {
  const [they, we] = [await rival(), await ours()];
  const all = [];
  for (let i = 0; i <= rounds; i++) {
    const pixels = grain.slice(i, i + size * size * 3);
    const [theirs, own] = [await they.turn(pixels), await we.turn(pixels)];
    checkEqual(own, theirs);
    // The first round fills caches and memory.
    if (i === 0) continue;
    all.push({ own, theirs });
    console.log(
      JSON.stringify({ round: i, figseek: rounded(own), official: rounded(theirs), load: round(loadavg()[0]) }),
    );
  }
  const of = (who, what) => median(all.flatMap((one) => one[who][what]));
  const seconds = (who, names) => Object.fromEntries(names.map((name) => [name, round(of(who, name))]));
  console.log(
    JSON.stringify({
      ...{ size, threads, rounds, torch: they.torch },
      figseek: { ...seconds('own', ['first', 'image', 'prompts', 'further']), peakMiB: we.peakMiB() },
      official: {
        ...seconds('theirs', ['first', 'backbone', 'pixelDecoder', 'further', 'decoders']),
        peakMiB: they.peakMiB(),
      },
      ratios: {
        firstMask: round(median(all.map(({ own, theirs }) => own.first / theirs.first))),
        // Text and decoder of ours to the decoder alone of theirs; then the whole way to a mask of both.
        furtherPromptToDecoder: round(of('own', 'prompts') / of('theirs', 'decoders')),
        furtherMask: round(of('own', 'further') / of('theirs', 'further')),
      },
      load: round(loadavg()[0]),
    }),
  );
  they.close();
  await we.close();
} finally {
  rmSync(scratch, { recursive: true });
}
