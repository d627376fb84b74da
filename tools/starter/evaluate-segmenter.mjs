// Dice of a segmenter package through the product's own code, on drawings that it was not trained on and on real nuclei.
// node tools/starter/evaluate-segmenter.mjs <dist/src> <models folder> <package> <count> <seed> [shared/data] [--json FILE]
//
// Drawings: `count` records of the sample corpus with `seed`; each object is asked for by its name alone, at the picture's own
// size. Real nuclei: the figures of the split “test” (first byte of SHA-256(id) below 40). Intervals: 95 %, bootstrap over pictures.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const args = process.argv.slice(2);
const at = args.indexOf('--json');
const [, jsonFile] = at < 0 ? [] : args.splice(at, 2);
const [dist, models, name, count = '1200', seed = '90001', data] = args;
if (name === undefined) {
  console.error(
    'Expected: evaluate-segmenter.mjs <dist/src> <models folder> <package> [count] [seed] [shared/data] [--json FILE]',
  );
  process.exit(2);
}
const built = (file) => import(pathToFileURL(resolve(dist, file)).href);
const { ModelRegistry } = await built('model-packages/package-registry.js');
const { OnnxSegmenter } = await built('adapters/onnx/onnx-segmenter.js');
const { segmentImage } = await built('masks/segment-image.js');
const { decodeImage } = await built('imaging/decode.js');
const { sampleCorpus } = await built('samples/corpus.js');

const model = await new ModelRegistry(resolve(models)).loadSegmenter(name);
const client = new OnnxSegmenter(model, {
  providers: ['cpu'],
  threads: 2,
  timeoutMs: 60_000,
  queue: 100,
  cacheBytes: 1e8,
});
const how = { size: null, imageType: null, priority: 'bulk' };
const trained = new Set(Object.values(model.prompts).flat());

/** @param truth above 127 is inside */
function diceOf(mask, truth) {
  let [both, mine, its] = [0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    const inside = truth[i] > 127 ? 1 : 0;
    both += inside & mask[i];
    mine += mask[i];
    its += inside;
  }
  return mine + its === 0 ? 1 : (2 * both) / (mine + its);
}

/** Mean and its 95 % interval: 2,000 resamplings, the same at every run. */
function summary(values) {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const meanOf = (some) => some.reduce((sum, value) => sum + value, 0) / some.length;
  const means = Array.from({ length: 2000 }, () =>
    meanOf(values.map(() => values[Math.floor(random() * values.length)])),
  );
  means.sort((a, b) => a - b);
  return { n: values.length, mean: meanOf(values), low: means[50], high: means[1949] };
}

const scores = new Map();
const empty = [];
const plausible = [];
for (const record of sampleCorpus({ count: Number(count), seed: Number(seed) })) {
  const [kind] = record.labels;
  if (record.modality === 'compound' || record.modality === 'chart') continue;
  const { image, masks } = record.drawWithMasks();
  const asked = masks.filter(({ prompt }) => trained.has(prompt));
  if (asked.length === 0) continue;
  const here = new Set(masks.map(({ prompt }) => prompt));
  // Something of another kind of picture: the right answer is an empty mask.
  const absent = ['liver', 'optic disc'].find((prompt) => !here.has(prompt) && !/CT|MRI/.test(kind));
  const prompts = [...asked.map(({ prompt }) => prompt), ...(absent === undefined ? [] : [absent])];
  let i = 0;
  for await (const answer of segmentImage(client, image, prompts, how)) {
    const truth = asked[i++];
    if (truth === undefined) empty.push(answer.areaPixels === 0 ? 1 : 0);
    else {
      const key = `${kind}\t${truth.prompt}`;
      scores.set(key, [...(scores.get(key) ?? []), diceOf(answer.mask.data, truth.mask)]);
      if (answer.found !== null) plausible.push(answer.found ? 1 : 0);
    }
  }
}
const rows = [...scores].map(([key, values]) => ({
  kind: key.split('\t')[0],
  prompt: key.split('\t')[1],
  ...summary(values),
}));

const real = [];
if (data !== undefined) {
  const { default: sharp } = await import('sharp');
  const records = (await readFile(join(data, 'figures.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { id, image: file, mask } of records) {
    if (mask === undefined || createHash('sha256').update(id).digest()[0] >= 40) continue;
    const { image } = await decodeImage(await readFile(join(data, file)), { maxPixels: 1e8 });
    const truth = await sharp(join(data, mask)).extractChannel(0).raw().toBuffer();
    for await (const answer of segmentImage(client, image, ['nuclei'], how)) {
      real.push({
        id,
        dice: diceOf(
          answer.mask.data,
          truth.map((value) => (value > 0 ? 255 : 0)),
        ),
      });
    }
  }
}
await client.close();

const line = ({ kind, prompt, n, mean, low, high }) =>
  `| ${kind} | ${prompt} | ${n} | ${mean.toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} |`;
console.log('| picture | prompt | n | Dice | 95 % |\n|---|---|---|---|---|');
for (const row of rows.sort((a, b) => b.mean - a.mean)) console.log(line(row));
const all = summary(rows.map(({ mean }) => mean));
const reals = real.length === 0 ? null : summary(real.map(({ dice }) => dice));
console.log(
  `mean over ${rows.length} rows ${all.mean.toFixed(3)}; ${rows.filter(({ mean }) => mean >= 0.85).length} rows at 0.85 or more`,
);
console.log(`absent objects: ${empty.filter(Boolean).length} of ${empty.length} masks empty`);
console.log(
  `p-value below 0.05 on ${plausible.length - plausible.filter(Boolean).length} of ${plausible.length} asked objects with statistics`,
);
if (reals !== null) console.log(line({ kind: 'real nuclei (BBBC038)', prompt: 'nuclei', ...reals }), real);
if (jsonFile !== undefined)
  await writeFile(
    jsonFile,
    `${JSON.stringify({ version: model.version, seed, rows, empty: summary(empty), real, reals }, null, 1)}\n`,
  );
