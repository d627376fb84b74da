// What a search by a mask should cut out of its picture: how many of the first ten figures show the same object (object),
// or are of the same kind of drawing (kind), by the way of cutting; from drawings alone, and from such that stand beside
// one to three others in a compound figure. True masks, image vectors of the starter model; macro means over prompts. Run after `npm run build`:
//   node tools/bench/mask-regions.mjs 720 360
import { loadConfig } from '#dist/src/app/config.js';
import { dot } from '#dist/src/domain/vector.js';
import { cropToBox } from '#dist/src/imaging/decode.js';
import { bySize, findComponents } from '#dist/src/imaging/masks/components.js';
import { ModelRegistry } from '#dist/src/model-packages/package-registry.js';
import { newEncoder } from '#dist/src/app/model-runtime.js';
import { sampleCorpus } from '#dist/src/samples/corpus.js';
import { drawCompound } from '#dist/src/samples/panels.js';
import { Random } from '#dist/src/samples/random.js';

const [galleryCount = 720, queryCount = 360] = process.argv.slice(2).map(Number);
const maxPerPrompt = 8;
const config = loadConfig({});
const model = await new ModelRegistry(config.models).load('starter');
const encoder = await newEncoder(model, config);

/** @typedef {import('#dist/src/domain/raw-image.js').RawImage} RawImage */
/** @typedef {'black' | 'white' | 'mean' | 'half'} Fill What stands outside of the object; `half`: the image with half of its contrast. */
/** @type {readonly Fill[]} */
const fills = ['black', 'white', 'mean', 'half'];
const ways = { whole: (drawn) => drawn.image };
for (const margin of [0, 0.1, 0.25, 0.5, 1]) {
  ways[`largest part, margin ${margin}`] = (drawn) => cut(drawn, margin, { largest: true });
  ways[`all parts, margin ${margin}`] = (drawn) => cut(drawn, margin, {});
  ways[`all parts, square, margin ${margin}`] = (drawn) => cut(drawn, margin, { square: true });
  ways[`largest part, square, margin ${margin}`] = (drawn) => cut(drawn, margin, { largest: true, square: true });
}
for (const margin of [0, 0.25, 0.5]) {
  for (const fill of fills) {
    ways[`all parts, square, margin ${margin}, outside ${fill}`] = (drawn) =>
      cut(drawn, margin, { square: true, fill });
  }
}

const gallery = [];
for (const record of sampleCorpus({ seed: 1, count: galleryCount })) {
  const { image, masks } = record.drawWithMasks();
  const objects = masks.filter(({ mask }) => mask.includes(255)).map(({ prompt }) => prompt);
  const [vector] = await encoder.embedImages([model.preprocess(image)], 'bulk');
  gallery.push({ kind: record.labels[0], objects: new Set(objects), vector });
}

const asked = {};
const found = { alone: {}, 'in a compound figure': {} };
const random = new Random('mask regions');
const others = sampleCorpus({ seed: 7003, count: 60 }).map((record) => record.draw());
for (const record of sampleCorpus({ seed: 7002, count: queryCount })) {
  const { image, masks } = record.drawWithMasks();
  for (const { prompt, mask } of masks) {
    const shown = gallery.filter(({ objects }) => objects.has(prompt)).length;
    if (!mask.includes(255) || shown < 10 || (asked[prompt] ?? 0) >= maxPerPrompt) continue;
    const drawn = { image, mask: mask.map((value) => Number(value > 127)) };
    if (!drawn.mask.includes(1)) continue;
    asked[prompt] = (asked[prompt] ?? 0) + 1;
    await search(drawn, prompt, record.labels[0], found.alone);
    await search(amongOthers(drawn), prompt, record.labels[0], found['in a compound figure']);
  }
}
await encoder.close();

const queries = Object.values(asked).reduce((a, b) => a + b, 0);
console.log(JSON.stringify({ prompts: Object.keys(asked).length, queries }));
for (const [where, byWay] of Object.entries(found)) {
  for (const [way, byPrompt] of Object.entries(byWay)) {
    const share = (what) => mean(Object.values(byPrompt).map((tally) => mean(tally[what]))).toFixed(3);
    console.log(`${where}: ${way}: object ${share('object')}, kind ${share('kind')}`);
  }
}

async function search(drawn, prompt, kind, tallies) {
  const pixels = Object.values(ways).map((way) => model.preprocess(way(drawn)));
  const vectors = await encoder.embedImages(pixels, 'bulk');
  Object.keys(ways).forEach((way, i) => {
    const best = [...gallery].sort((a, b) => dot(b.vector, vectors[i]) - dot(a.vector, vectors[i])).slice(0, 10);
    const tally = ((tallies[way] ??= {})[prompt] ??= { object: [], kind: [] });
    tally.object.push(best.filter(({ objects }) => objects.has(prompt)).length / 10);
    tally.kind.push(best.filter((one) => one.kind === kind).length / 10);
  });
}

/** The drawing as one panel of a compound figure, at any place. */
function amongOthers({ image, mask }) {
  const images = random.shuffled([image, ...random.shuffled(others).slice(0, random.whole(1, 3))]);
  const { canvas, boxes } = drawCompound(random, images);
  const whole = canvas.toImage();
  const box = boxes[images.indexOf(image)];
  const placed = new Uint8Array(whole.width * whole.height);
  for (let y = 0; y < box.height; y++) {
    const row = Math.floor(((y + 0.5) * image.height) / box.height) * image.width;
    for (let x = 0; x < box.width; x++) {
      const value = mask[row + Math.floor(((x + 0.5) * image.width) / box.width)];
      placed[(box.y + y) * whole.width + box.x + x] = value;
    }
  }
  return { image: whole, mask: placed };
}

/**
 * The part of an image that a mask covers.
 * @param {{ image: RawImage, mask: Uint8Array }} drawn
 * @param {number} margin on each side, as a share of the part's sides
 * @param {{ largest?: boolean, square?: boolean, fill?: Fill | null }} how the largest component alone; in a square; what
 *   stands outside of the mask, null: the image
 */
function cut({ image, mask }, margin, { largest = false, square = false, fill = null }) {
  const parts = bySize(findComponents({ width: image.width, height: image.height, data: mask }).parts);
  const wanted = largest ? parts.slice(0, 1) : parts;
  const left = Math.min(...wanted.map(({ x }) => x));
  const top = Math.min(...wanted.map(({ y }) => y));
  const right = Math.max(...wanted.map(({ x, width }) => x + width));
  const bottom = Math.max(...wanted.map(({ y, height }) => y + height));
  let [wide, high] = [(right - left) * (1 + 2 * margin), (bottom - top) * (1 + 2 * margin)];
  if (square) wide = high = Math.max(wide, high);
  const [x, width] = within((left + right) / 2, wide, image.width);
  const [y, height] = within((top + bottom) / 2, high, image.height);
  return cropToBox(fill === null ? image : blanked(image, mask, fill), { x, y, width, height });
}

function within(middle, length, most) {
  const from = Math.max(0, Math.round(middle - length / 2));
  return [from, Math.max(1, Math.min(most, Math.round(middle + length / 2)) - from)];
}

function blanked({ width, height, data }, mask, fill) {
  const level = { black: 0, white: 255, mean: mean([...data]) }[fill];
  const kept = data.map((value, i) => (mask[Math.floor(i / 3)] === 1 ? value : (level ?? 127 + (value - 127) / 2)));
  return { width, height, data: kept };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
