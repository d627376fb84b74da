// Whether a cropped, rescaled copy of one panel finds its article: with the panels of compound figures stored, and without.
// Run after `npm run build`:
//   node tools/bench/image-to-article.mjs ../shared/data/jats
// The articles are taken into two corpora in temporary folders. Each panel that is found is cut out, scaled to 60 % and saved
// as a JPEG of quality 70; figures without panels are cropped to their middle 80 %.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { askGraphql } from '../ask-graphql.mjs';

const cli = path.join(import.meta.dirname, '../../dist/src/cli.js');
const source = process.argv[2] ?? '../shared/data/jats';
const ways = [
  { name: 'with panels', options: [], port: 3987 },
  { name: 'whole figures', options: ['--no-split-panels'], port: 3988 },
];
const minSide = 32;

const servers = [];
try {
  for (const way of ways) servers.push(await open(way));
  const [withPanels] = servers;
  const { figures } = await withPanels.ask(
    '{ figures(first: 50) { nodes { sourceKey imageUrl article { id } panels { box { x y width height } } } } }',
  );
  /** @type {Record<string, { article: boolean; figure: boolean }[][]>} */
  const counts = { panels: [], 'single figures': [] };
  for (const figure of figures.nodes) {
    const bytes = await withPanels.load(figure.imageUrl);
    const [whole, ...panels] = figure.panels;
    const boxes = panels.length > 0 ? panels.map(({ box }) => box) : [middleOf(whole.box)];
    for (const box of boxes) {
      if (Math.min(box.width, box.height) < minSide) continue;
      const image = await copyOf(bytes, box);
      const found = [];
      for (const server of servers) found.push(await server.find(image));
      counts[panels.length > 0 ? 'panels' : 'single figures'].push(
        found.map((hit) => ({
          article: hit?.article?.id === figure.article?.id,
          figure: hit?.sourceKey === figure.sourceKey,
        })),
      );
    }
  }
  for (const [kind, answers] of Object.entries(counts)) {
    for (const [at, { name }] of ways.entries()) {
      const share = (what) => answers.filter((each) => each[at][what]).length;
      const [article, own] = [share('article'), share('figure')];
      console.log(
        JSON.stringify({ kind, corpus: name, queries: answers.length, articleFirst: article, figureFirst: own }),
      );
    }
  }
} finally {
  for (const server of servers) await server.close();
}

async function open({ options, port }) {
  const place = mkdtempSync(path.join(tmpdir(), 'articles-'));
  const env = {
    ...process.env,
    FIGSEEK_DATA: path.join(place, 'data'),
    FIGSEEK_INDEXES: path.join(place, 'indexes'),
    FIGSEEK_PORT: String(port),
    FIGSEEK_SAMPLES: 'never',
  };
  // It ends with 1 where pictures are absent.
  await promisify(execFile)(process.execPath, [cli, 'ingest', source, ...options], { env }).catch(() => undefined);
  const child = spawn(process.execPath, [cli, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/health/ready`).catch(() => null))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 500));
  const query =
    'query ($image: String!) { searchFigures(query: {image: {base64: $image}}, first: 1) { nodes { figure { sourceKey article { id } } } } }';
  return {
    ask: (text, variables) => askGraphql(url, text, variables),
    load: async (address) => Buffer.from(await (await fetch(new URL(address, url))).arrayBuffer()),
    async find(image) {
      const { searchFigures } = await askGraphql(url, query, { image: image.toString('base64') });
      return searchFigures.nodes[0]?.figure ?? null;
    },
    async close() {
      child.kill();
      await once(child, 'close');
      rmSync(place, { recursive: true });
    },
  };
}

function middleOf({ x, y, width, height }) {
  return {
    x: Math.round(x + 0.1 * width),
    y: Math.round(y + 0.1 * height),
    width: Math.round(0.8 * width),
    height: Math.round(0.8 * height),
  };
}

function copyOf(bytes, { x, y, width, height }) {
  return sharp(bytes)
    .flatten({ background: '#fff' })
    .extract({ left: x, top: y, width, height })
    .resize(Math.max(24, Math.round(0.6 * width)))
    .jpeg({ quality: 70 })
    .toBuffer();
}
