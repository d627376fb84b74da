// Pictures of every view of the page, in light, dark and phone width, over the drawn sample figures.
// usage: node tools/bench/page-views.mjs FOLDER [CHROMIUM]
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { withServer } from './watched-server.mjs';

const [folder = 'docs/page', browserFile = '/usr/bin/chromium'] = process.argv.slice(2);
const port = 4591;

/** @type {Record<string, { width: number, height: number, colorScheme: 'light' | 'dark' }>} */
const looks = {
  light: { width: 1280, height: 860, colorScheme: 'light' },
  dark: { width: 1280, height: 860, colorScheme: 'dark' },
  phone: { width: 390, height: 844, colorScheme: 'light' },
};

await withServer({ port }, async ({ ask }) => {
  const views = await prepareViews(ask);
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: browserFile,
    args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
  });
  for (const [look, { width, height, colorScheme }] of Object.entries(looks)) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    for (const [view, address] of Object.entries(views)) {
      await page.goto(`http://127.0.0.1:${port}${address}`);
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(1500);
      await page.screenshot({ path: path.join(folder, `${view}-${look}.jpg`), type: 'jpeg', quality: 72 });
    }
    await page.close();
  }
  await browser.close();
});

/**
 * Makes what the views show: a collection and a map.
 * @param {import('./watched-server.mjs').WatchedServer['ask']} ask
 * @returns {Promise<Record<string, string>>} the address of each view
 */
async function prepareViews(ask) {
  const { createCollection } = await ask(
    'mutation { createCollection(name: "Fluorescence", description: "Stained nuclei for the methods course") { id } }',
  );
  const collectionId = createCollection.id;
  await ask('mutation ($id: ID!, $ids: [ID!]!) { addToCollection(id: $id, figureIds: $ids) { id } }', {
    id: collectionId,
    ids: await idsOf(ask, 'fluorescence microscopy of nuclei', 10),
  });
  await ask('mutation { makeAtlas { state } }');
  for (let i = 0; i < 120; i++) {
    const { atlas } = await ask('{ atlas { state } }');
    if (atlas.state === 'READY') break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const [radiograph] = await idsOf(ask, 'chest radiograph with effusion', 1);
  return {
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
}

async function idsOf(ask, text, first) {
  const query =
    'query ($text: String!, $first: Int!) { searchFigures(query: { text: $text }, first: $first) { nodes { figure { id } } } }';
  const { searchFigures } = await ask(query, { text, first });
  return searchFigures.nodes.map(({ figure }) => figure.id);
}
