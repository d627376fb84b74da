// Writes drawn figures as PNG files and a figures.jsonl, to train on.
// node tools/starter/export-drawn.mjs <built src/samples/corpus.js> <folder> [count] [seed] [part/parts]
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';

const [corpusFile, folder, count = '2500', seed = '7001', part = '0/1'] = process.argv.slice(2);
if (corpusFile === undefined || folder === undefined) {
  console.error('Expected: export-drawn.mjs <built corpus.js> <folder> [count] [seed] [part/parts]');
  process.exit(2);
}

const { sampleCorpus } = await import(pathToFileURL(resolve(corpusFile)).href);
const [mine, parts] = part.split('/').map(Number);
await mkdir(folder, { recursive: true });
const lines = [];
for (const [index, record] of sampleCorpus({ count: Number(count), seed: Number(seed) }).entries()) {
  if (index % parts !== mine) continue;
  const { width, height, data } = record.draw();
  const image = `${record.id}.png`;
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(join(folder, image));
  const { id, caption, labels, license, modality } = record;
  lines.push(JSON.stringify({ id, image, width, height, caption, labels, license, modality }));
}
await writeFile(join(folder, parts === 1 ? 'figures.jsonl' : `figures-${mine}.jsonl`), `${lines.join('\n')}\n`);
console.log(`Wrote ${lines.length} figures to ${folder}`);
