// Makes a large corpus whose figures can be seen: drawn figures of the samples are ingested as any others, and each stands
// in the corpus many times, with image files, vectors and words of its own.
//   node tools/bench/large-corpus.mjs FOLDER [figures, default 100000] [drawings, default 300]
// A figure's image file is that of its drawing as JPEG, with its number behind the end of the image. Its vectors are those
// of the drawing with noise. Pictures are not compared with each other: all figures of a drawing would be duplicates.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { loadConfig } from '#dist/src/app/config.js';
import { withStores } from '#dist/src/app/command-context.js';
import { FileBlobStore } from '#dist/src/adapters/files/file-blob-store.js';
import { articleIdOf, figureIdOf, imageHashOf, panelIdOf } from '#dist/src/domain/ids.js';
import { run, writeCorpus } from '#dist/test/support/figseek-process.js';

const [folder, figures = '100000', drawings = '300'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Expected a folder for the corpus');
const place = { data: path.resolve(folder, 'data'), indexes: path.resolve(folder, 'indexes') };
const figuresPerWrite = 1000;
const figuresOfArticle = 5;
const licenses = ['CC BY 4.0', 'CC0', 'CC BY-NC 4.0', 'CC BY-SA 4.0'];
/** Of a vector of length 1: how far a figure lies from its drawing. */
const noise = 0.35;
let state = 1;

const { code, stderr } = await run(place, ['ingest', await writeCorpus(Number(drawings))]);
if (code !== 0) throw new Error(stderr);
const config = loadConfig(place);
await withStores(config, async (stores) => {
  const originals = await readOriginals(stores);
  for (let from = originals.length; from < Number(figures); from += figuresPerWrite) {
    const to = Math.min(Number(figures), from + figuresPerWrite);
    const numbers = Array.from({ length: to - from }, (_, i) => from + i);
    await stores.writer.replace(
      await Promise.all(numbers.map((number) => makeFigure(number, pick(originals, number)))),
    );
    process.stderr.write(`\r${to} figures`);
  }
  await endComparisons(stores.pictures);
});
process.stderr.write('\n');

/** The drawings with their vectors and their images as JPEG. @param stores of the corpus */
async function readOriginals(stores) {
  const [space] = await stores.embeddings.spaces();
  const blobs = new FileBlobStore(path.join(config.data, 'images'));
  const all = await stores.figures.sampleEvenly(Number(drawings));
  return Promise.all(
    all.map(async (figure) => {
      const panelId = panelIdOf(figure.id, 0);
      const vectorOf = (kind) => stores.embeddings.vectorOfPanel(panelId, space, kind);
      return {
        ...{ figure, space, image: await vectorOf('IMAGE'), caption: await vectorOf('CAPTION') },
        jpeg: await sharp(await blobs.get(figure.imageHash))
          .jpeg({ quality: 75 })
          .toBuffer(),
      };
    }),
  );
}

/** @returns {Promise<import('#dist/src/domain/figure-write.js').FigureWrite>} */
async function makeFigure(number, { figure, space, image, caption, jpeg }) {
  const file = Buffer.concat([jpeg, Buffer.from(String(number))]);
  const imageHash = imageHashOf(file);
  const blob = path.join(config.data, 'images', imageHash.slice(0, 2), imageHash);
  await mkdir(path.dirname(blob), { recursive: true });
  // Not synchronized, as the store does: that would take most of the time.
  await writeFile(blob, file);
  const article = makeArticle(Math.floor(number / figuresOfArticle));
  const id = figureIdOf(`large-${number}`);
  const panelId = panelIdOf(id, 0);
  const box = { x: 0, y: 0, width: figure.width, height: figure.height };
  return {
    article,
    figure: {
      ...figure,
      ...{ id, source: 'large', sourceKey: `large-${number}`, articleId: article.id, imageHash },
      label: `Figure ${(number % figuresOfArticle) + 1}`,
      caption: `${figure.caption} Patient ${number}.`,
      license: pick(licenses, number),
      panelOrigin: null,
    },
    recordHash: String(number),
    panels: [{ id: panelId, figureId: id, label: null, caption: null, box }],
    embeddings: [
      { panelId, space, kind: 'IMAGE', vector: near(image) },
      { panelId, space, kind: 'CAPTION', vector: near(caption) },
    ],
  };
}

function makeArticle(number) {
  return {
    id: articleIdOf(`large-${number}`),
    ...{ pmcid: `PMC${number}`, pmid: null, doi: null, title: `Observations in series ${number}` },
    ...{ authors: ['A. Author', 'B. Author'], journal: `Journal ${number % 40}`, year: 1990 + (number % 35) },
    ...{ license: 'CC BY 4.0', licenseText: null, url: null, retracted: null },
  };
}

/** A vector of length 1 beside another one. */
function near(vector) {
  const moved = vector.map((value) => value + (noise * 3.46 * (random() - 0.5)) / Math.sqrt(vector.length));
  const length = Math.hypot(...moved);
  return moved.map((value) => value / length);
}

/** 0..1, by a generator of pseudo-random numbers (Park and Miller). */
function random() {
  return (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function pick(list, number) {
  return list[number % list.length];
}

async function endComparisons(pictures) {
  for (;;) {
    const batch = await pictures.listUnsigned(figuresPerWrite);
    if (batch.length === 0) return;
    await pictures.sign(batch.map(({ number }) => ({ number, signature: null })));
  }
}
