// Writes what the segmenter learns from: pictures as the product prepares them, with the true masks of their objects.
// node tools/starter/export-masks.mjs <dist/src> <folder> drawn <count> <seed> [part/parts]
// node tools/starter/export-masks.mjs <dist/src> <folder> nuclei <shared/data>
//
// NAME.jsonl: one line a picture: id, kind, split, side, and its objects' names in the order of their masks.
// NAME.pixels: uint8 RGB [side, side, 3] each; NAME.masks: uint8 [side / 2, side / 2] each, 255 where wholly inside.
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';

const [dist, folder, source, ...rest] = process.argv.slice(2);
if (dist === undefined || folder === undefined || !['drawn', 'nuclei'].includes(source)) {
  console.error(
    'Expected: export-masks.mjs <dist/src> <folder> drawn <count> <seed> [part/parts] | nuclei <shared/data>',
  );
  process.exit(2);
}
const built = (file) => import(pathToFileURL(resolve(dist, file)).href);
const { computePlacement, padAndResize } = await built('imaging/preprocess/biomedparse-preprocess.js');
const { sampleCorpus } = await built('samples/corpus.js');

// Their objects are thinner than a cell of the mask's grid.
const tooFine = new Set(['western blot', 'agarose gel', 'karyotype']);

/** A mask at the picture's size → the share of each cell of the padded square that is inside, 0 to 255. */
function onSquare(mask, { width, height, left, top, paddedWidth, paddedHeight }, side) {
  const out = new Uint8Array(side * side);
  const steps = 6;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let inside = 0;
      for (let step = 0; step < steps * steps; step++) {
        const x = Math.floor(((column + ((step % steps) + 0.5) / steps) * paddedWidth) / side) - left;
        const y = Math.floor(((row + (Math.floor(step / steps) + 0.5) / steps) * paddedHeight) / side) - top;
        if (x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] > 127) inside++;
      }
      out[row * side + column] = Math.round((255 * inside) / steps ** 2);
    }
  }
  return out;
}

/** As tools/starter/corpus.py splits. */
function splitOf(id) {
  const [first, second] = createHash('sha256').update(id).digest();
  return first < 40 ? 'test' : second < 16 ? 'val' : 'train';
}

function* drawnFigures(count, seed, part = '0/1') {
  const [mine, parts] = part.split('/').map(Number);
  const maskless = new Map();
  for (const [index, record] of sampleCorpus({ count: Number(count), seed: Number(seed) }).entries()) {
    const [kind] = record.labels;
    if (index % parts !== mine || tooFine.has(kind) || record.modality === 'compound') continue;
    if (maskless.get(kind) === true) continue;
    const { image, masks } = record.drawWithMasks();
    if (!maskless.has(kind)) maskless.set(kind, masks.length === 0 && kind !== 'agar plate');
    if (masks.length === 0) continue;
    yield { id: record.id, kind, split: 'train', caption: record.caption, image, masks };
  }
}

async function* nuclei(data) {
  const lines = (await readFile(join(data, 'figures.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { id, image: file, mask } of lines) {
    if (mask === undefined) continue;
    const read = (name, channels) => {
      const picture = sharp(join(data, name)).removeAlpha();
      return (channels === 3 ? picture.toColourspace('srgb') : picture.extractChannel(0))
        .raw()
        .toBuffer({ resolveWithObject: true });
    };
    const { data: pixels, info } = await read(file, 3);
    const rgb = info.channels === 3 ? pixels : Buffer.from([...pixels].flatMap((value) => [value, value, value]));
    const truth = await read(mask, 1);
    const image = { width: info.width, height: info.height, data: new Uint8Array(rgb) };
    const bytes = truth.data.map((value) => (value > 0 ? 255 : 0));
    yield { id, kind: 'nuclei', split: splitOf(id), image, masks: [{ prompt: 'nuclei', mask: bytes }] };
  }
}

const side = source === 'drawn' ? 256 : 384;
const figures = source === 'drawn' ? drawnFigures(...rest) : nuclei(rest[0]);
const name = source === 'drawn' ? `drawn-${(rest[2] ?? '0/1').replace('/', '-')}` : 'nuclei';
mkdirSync(folder, { recursive: true });
const [lines, pixels, truths] = ['jsonl', 'pixels', 'masks'].map((ending) =>
  openSync(join(folder, `${name}.${ending}`), 'w'),
);
let count = 0;
for await (const { id, kind, split, caption, image, masks } of figures) {
  writeSync(pixels, padAndResize(image, side).pixels);
  const placement = computePlacement(image);
  for (const { mask } of masks) writeSync(truths, onSquare(mask, placement, side / 2));
  writeSync(
    lines,
    `${JSON.stringify({ id, kind, split, side, caption, objects: masks.map(({ prompt }) => prompt) })}\n`,
  );
  count++;
}
[lines, pixels, truths].forEach(closeSync);
console.log(`Wrote ${count} pictures to ${folder}`);
