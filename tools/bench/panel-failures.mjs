// Draws the figures of a labeled set whose panels the rules do not find exactly, side by side in one picture: blue boxes
// were drawn by hand, orange ones were found.
// node tools/bench/panel-failures.mjs ../shared/data/acceptance/panels/open docs/panels-failures.jpg
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { decodeImage } from '#dist/src/imaging/decode.js';
import { findPanels } from '#dist/src/imaging/panels/find-panels.js';

const [folder = '', out = ''] = process.argv.slice(2);
if (out === '') throw new Error('Expected a folder with panels.jsonl, and the picture to write');
const shared = path.resolve(folder, '../../../../..');
const [cellWidth, cellHeight, gap] = [480, 420, 16];
const colors = { labeled: [0, 90, 255], found: [255, 120, 0] };

/** @param {[number, number, number, number]} a @param {[number, number, number, number]} b */
function overlap([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const across = Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx));
  const down = Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by));
  return (across * down) / (aw * ah + bw * bh - across * down);
}

/**
 * Draws the edge of a box into an image.
 * @param {import('#dist/src/domain/raw-image.js').RawImage} image
 * @param {number[]} box
 * @param {{ color: number[], thickness: number, inset: number }} pen
 */
function outline({ width, height, data }, box, { color, thickness, inset }) {
  const [x0 = 0, y0 = 0, boxWidth = 0, boxHeight = 0] = box.map(Math.round);
  const [left, top, right, bottom] = [x0 + inset, y0 + inset, x0 + boxWidth - inset, y0 + boxHeight - inset];
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++)
    for (let x = Math.max(0, left); x < Math.min(width, right); x++) {
      const isEdge = x < left + thickness || x >= right - thickness || y < top + thickness || y >= bottom - thickness;
      if (isEdge) data.set(color, 3 * (y * width + x));
    }
}

const cells = [];
for (const line of readFileSync(path.join(folder, 'panels.jsonl'), 'utf8').trim().split('\n')) {
  const { id, image: file, caption, split, panels } = JSON.parse(line);
  const place = path.join(shared, file);
  const { image } = await decodeImage(readFileSync(existsSync(place) ? place : path.join(folder, file)));
  const found = findPanels(image, caption ?? '').panels.map(({ box: { x, y, width, height } }) => [
    x,
    y,
    width,
    height,
  ]);
  const labeled = split ? panels.map((/** @type {{ box: number[] }} */ panel) => panel.box) : [];
  const isExact =
    found.length === labeled.length &&
    labeled.every((/** @type {any} */ box) => found.some((other) => overlap(box, /** @type {any} */ (other)) >= 0.75));
  if (isExact) continue;
  const thickness = Math.max(3, Math.round(image.width / 160));
  for (const box of labeled) outline(image, box, { color: colors.labeled, thickness, inset: 0 });
  for (const box of found) outline(image, box, { color: colors.found, thickness, inset: thickness });
  console.log(`${id}: ${labeled.length} panels by hand, ${found.length} found`);
  const raw = { width: image.width, height: image.height, channels: /** @type {const} */ (3) };
  const options = /** @type {const} */ ({ fit: 'contain', background: 'white' });
  cells.push(await sharp(image.data, { raw }).resize(cellWidth, cellHeight, options).png().toBuffer());
}
const columns = 2;
const rows = Math.ceil(cells.length / columns);
const size = { width: columns * (cellWidth + gap) + gap, height: rows * (cellHeight + gap) + gap };
await sharp({ create: { ...size, channels: 3, background: 'white' } })
  .composite(
    cells.map((input, n) => ({
      input,
      left: gap + (n % columns) * (cellWidth + gap),
      top: gap + Math.floor(n / columns) * (cellHeight + gap),
    })),
  )
  .jpeg({ quality: 82 })
  .toFile(out);
