// A curator's work on the page, done by a script: from a search to a reviewed collection of 100 figures, with panels corrected,
// duplicates settled and an export made. Counts keys, clicks and fields, and takes the time.
// usage: node tools/bench/curator-hour.mjs ADDRESS LABEL [CHROMIUM], where the server holds ../shared/data/figures.jsonl
import { statSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { askGraphql } from '../ask-graphql.mjs';

const [url, label, browserFile = '/usr/bin/chromium'] = process.argv.slice(2);
if (url === undefined || label === undefined)
  throw new Error('Expected the address of a server, and a label to gather');
const wanted = 100;
const browser = await chromium.launch({ executablePath: browserFile, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
const actions = { keys: 0, clicks: 0, fields: 0 };
const steps = [];

async function key(name) {
  actions.keys++;
  await page.keyboard.press(name);
}

async function click(locator) {
  actions.clicks++;
  await locator.click();
}

async function fill(locator, words) {
  actions.fields++;
  await locator.fill(words);
}

/** Runs a part of the work and notes what it took. */
async function step(name, work) {
  const before = { ...actions };
  const startedAt = performance.now();
  const result = await work();
  steps.push({
    step: name,
    seconds: Number(((performance.now() - startedAt) / 1000).toFixed(1)),
    keys: actions.keys - before.keys,
    clicks: actions.clicks - before.clicks,
    fields: actions.fields - before.fields,
    ...(result ?? {}),
  });
}

/** What a curator sees: whether a figure is of the kind that is gathered. The labels stand in for the eye. */
async function fits(source) {
  const id = /images\/([^?]+)/.exec(source)?.[1];
  const { figure } = await askGraphql(url, 'query ($id: ID!) { figure(id: $id) { labels } }', { id });
  return figure.labels.includes(label);
}

const name = `Gathered ${Date.now()}`;
await page.goto(url);
await step('search and select 40', async () => {
  await key('/');
  await fill(page.getByLabel('Search figures'), label);
  await key('Enter');
  await page.locator('.evidence', { hasText: 'words found' }).first().waitFor();
  await page.locator('.grid-cell[aria-posinset="1"] .cell').focus();
  for (let i = 0; i < 40; i++) {
    await key('x');
    await key('ArrowRight');
  }
  await click(page.locator('.selection').getByText('Add to a collection…'));
  await fill(page.locator('.selection').getByLabel('Name of a new collection'), name);
  await key('Enter');
  await page.locator('.selection').waitFor({ state: 'detached' });
});
await step('grow it by suggestions to 100', async () => {
  await click(page.getByRole('link', { name: 'Collections', exact: true }));
  await click(page.getByRole('link', { name: new RegExp(`^${name}`) }));
  const first = page.locator('.suggestions li').first();
  let [added, rejected] = [0, 0];
  while (added < wanted - 40 && added + rejected < 200) {
    await first.waitFor();
    const source = await first.locator('img').getAttribute('src');
    const doesFit = await fits(source);
    await click(first.getByRole('button', { name: doesFit ? 'Add' : 'Does not fit' }));
    if (doesFit) added++;
    else rejected++;
    await page.locator(`.suggestions img[src="${source}"]`).waitFor({ state: 'detached' });
  }
  return { added, rejected };
});
await step('settle duplicates', async () => {
  await click(page.getByRole('link', { name: 'Duplicates' }));
  // None at all is an answer as well.
  await page
    .locator('.group')
    .first()
    .waitFor({ timeout: 5000 })
    .catch(() => undefined);
  const groups = await page.locator('.group').count();
  for (let i = 0; i < groups; i++) {
    await page.locator('.group').nth(i).focus();
    await key('1');
    await page.locator('.group.decided').nth(i).waitFor();
  }
  return { groups };
});
await step('correct the panels of 5 figures', async () => {
  await fill(page.getByLabel('Search figures'), 'graph with two panels');
  await key('Enter');
  await page.locator('.grid-cell[aria-posinset="1"] img').waitFor();
  await click(page.locator('.grid-cell[aria-posinset="1"] .cell'));
  for (let i = 0; i < 5; i++) {
    await page.locator('.stage img').first().waitFor();
    await key('p');
    const box = await page.locator('.drawing').boundingBox();
    if (box === null) throw new Error('There is nothing to draw on');
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 5, { steps: 5 });
    await page.mouse.up();
    actions.clicks++;
    await click(page.getByRole('button', { name: /^Save \d+ panel/ }));
    await page.locator('.panel-captions li').first().waitFor();
    await key('ArrowRight');
    await page.waitForTimeout(300);
  }
});
await step('export images with attribution', async () => {
  await click(page.getByRole('link', { name: 'Collections', exact: true }));
  await click(page.getByRole('link', { name: new RegExp(`^${name}`) }));
  await click(page.getByText('Export', { exact: true }));
  const downloading = page.waitForEvent('download');
  await click(page.getByRole('link', { name: /ZIP/ }));
  const file = await (await downloading).path();
  return { megabytes: Number((statSync(file).size / 1e6).toFixed(1)) };
});
for (const one of steps) console.log(JSON.stringify(one));
const seconds = steps.reduce((sum, one) => sum + one.seconds, 0);
console.log(
  JSON.stringify({ date: new Date().toISOString().slice(0, 10), label, seconds: Math.round(seconds), ...actions }),
);
await browser.close();
