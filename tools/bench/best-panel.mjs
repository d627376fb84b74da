// How often the panel that is taken for a prompt is one that shows its object: on compound figures of two to four
// drawings whose objects are known, by the starter model. Run after `npm run build`:
//   node tools/bench/best-panel.mjs 200
import { loadConfig } from '#dist/src/app/config.js';
import { dot } from '#dist/src/domain/vector.js';
import { cropToBox } from '#dist/src/imaging/decode.js';
import { ModelRegistry } from '#dist/src/model-packages/package-registry.js';
import { newEncoder } from '#dist/src/app/model-runtime.js';
import { sampleCorpus } from '#dist/src/samples/corpus.js';
import { drawCompound } from '#dist/src/samples/panels.js';
import { Random } from '#dist/src/samples/random.js';

const count = Number(process.argv[2] ?? 200);
const config = loadConfig({});
const model = await new ModelRegistry(config.models).load('starter');
const encoder = await newEncoder(model, config);
const texts = new Map();
const random = new Random('best panel');
// Another seed than that of the sample corpus.
const drawings = sampleCorpus({ seed: 7001, count: count * 4 }).filter(({ modality }) => modality !== 'compound');
const tallies = {};

for (let figure = 0; figure < count; figure++) {
  const chosen = random.shuffled(drawings).slice(0, random.whole(2, 4));
  const drawn = chosen.map((record) => record.drawWithMasks());
  const images = drawn.map(({ image }) => image);
  const { canvas, boxes } = drawCompound(random, images);
  const whole = canvas.toImage();
  const pixels = boxes.map((box) => model.preprocess(cropToBox(whole, box)));
  const vectors = await encoder.embedImages(pixels, 'bulk');
  const prompts = new Set(drawn.flatMap(({ masks }) => masks.map(({ prompt }) => prompt)));
  for (const prompt of prompts) {
    const showing = drawn.map(({ masks }) => masks.some((mask) => mask.prompt === prompt && mask.mask.includes(255)));
    const shown = showing.filter(Boolean).length;
    if (shown === 0 || shown === showing.length) continue;
    if (!texts.has(prompt)) texts.set(prompt, (await encoder.embedTexts([prompt], 'bulk'))[0]);
    const scores = vectors.map((vector) => dot(vector, texts.get(prompt)));
    const best = scores.indexOf(Math.max(...scores));
    const tally = (tallies[prompt] ??= { right: 0, byChance: 0, asked: 0 });
    tally.asked += 1;
    tally.byChance += shown / showing.length;
    tally.right += Number(showing[best]);
  }
}
await encoder.close();

const rows = Object.entries(tallies).sort((a, b) => b[1].asked - a[1].asked);
for (const [prompt, { right, asked }] of rows) console.log(`${prompt}: ${right} of ${asked}`);
const sum = (key) => rows.reduce((total, [, tally]) => total + tally[key], 0);
console.log(
  JSON.stringify({ asked: sum('asked'), right: sum('right') / sum('asked'), byChance: sum('byChance') / sum('asked') }),
);
