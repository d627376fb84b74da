// Pictures of every view of the page, in light, dark and phone width, over the drawn sample figures.
// usage: node tools/bench/page-views.mjs FOLDER [CHROMIUM]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [folder = 'docs/page', browserFile = '/usr/bin/chromium'] = process.argv.slice(2);
const place = mkdtempSync(path.join(tmpdir(), 'figseek-views-'));
const server = spawn(process.execPath, ['dist/src/cli.js', 'serve', '--port', '0'], {
  env: {
    ...process.env,
    FIGSEEK_DATA: path.join(place, 'data'),
    FIGSEEK_INDEXES: path.join(place, 'indexes'),
    FIGSEEK_SAMPLES: 'always',
  },
  stdio: ['ignore', 'ignore', 'pipe'],
});
let said = '';
const url = await new Promise((resolve, reject) => {
  server.stderr.on('data', (chunk) => {
    said += chunk;
    const address = /figseek serves (http:\/\/\S+)/.exec(said)?.[1];
    if (address !== undefined && said.includes('sample figures are stored')) resolve(address);
  });
  server.on('exit', () => reject(new Error(`The server ended: ${said}`)));
});

async function ask(query, variables = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = /** @type {any} */ (await response.json());
  if (errors !== undefined) throw new Error(errors[0].message);
  return data;
}

const idsOf = async (text, first) =>
  (
    await ask(
      'query ($text: String!, $first: Int!) { searchFigures(query: { text: $text }, first: $first) { nodes { figure { id } } } }',
      { text, first },
    )
  ).searchFigures.nodes.map(({ figure }) => figure.id);

const { createCollection } = await ask(
  'mutation { createCollection(name: "Fluorescence", description: "Stained nuclei for the methods course") { id } }',
);
const collectionId = createCollection.id;
await ask('mutation ($id: ID!, $ids: [ID!]!) { addToCollection(id: $id, figureIds: $ids) { id } }', {
  id: collectionId,
  ids: await idsOf('fluorescence microscopy of nuclei', 10),
});
await ask('mutation { makeAtlas { state } }');
for (let i = 0; i < 120; i++) {
  const { atlas } = await ask('{ atlas { state } }');
  if (atlas.state === 'READY') break;
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
const [radiograph] = await idsOf('chest radiograph with effusion', 1);

const views = {
  start: '/',
  search: '/?q=western blot with three lanes',
  articles: '/?q=survival curve&view=articles',
  figure: `/?q=chest radiograph&figure=${radiograph}`,
  collections: '/?section=collections',
  collection: `/?section=collections&collection=${collectionId}`,
  atlas: '/?section=atlas',
  duplicates: '/?section=duplicates',
  system: '/?section=system',
};
/** @type {Record<string, { width: number, height: number, colorScheme: 'light' | 'dark' }>} */
const looks = {
  light: { width: 1280, height: 860, colorScheme: 'light' },
  dark: { width: 1280, height: 860, colorScheme: 'dark' },
  phone: { width: 390, height: 844, colorScheme: 'light' },
};

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: browserFile,
  args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
});
for (const [look, { width, height, colorScheme }] of Object.entries(looks)) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  for (const [view, address] of Object.entries(views)) {
    await page.goto(url + address);
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(1500);
    await page.screenshot({ path: path.join(folder, `${view}-${look}.jpg`), type: 'jpeg', quality: 72 });
  }
  await page.close();
}
await browser.close();
server.kill('SIGTERM');
