// How the page shows a large corpus, that large-corpus.mjs made: answers, filters, and frames while thousands of hits scroll by.
//   node tools/bench/large-grid.mjs FOLDER [words, default "chest radiograph"] [SECONDS of scrolling, default 15]
// Frames are those that the browser's own tracing says were displayed.
import path from 'node:path';
import { startServer } from '#dist/test/support/figseek-process.js';
import { browserMemory, displayedFrames, openBrowser, processMemory } from './traced-browser.mjs';

const [folder, words = 'chest radiograph', seconds = '15'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Expected the folder of a corpus');
const place = { data: path.resolve(folder, 'data'), indexes: path.resolve(folder, 'indexes') };
/** Pixels a frame. */
const speed = 120;
const figuresLoaded = 3000;
/** The greatest place in the list that is in the page. */
const reached = `Math.max(0, ...[...document.querySelectorAll('[aria-posinset]')].map((cell) => Number(cell.ariaPosInSet)))`;
const print = (name, values) => console.log(`${name}: ${JSON.stringify(values)}`);

const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  await waitForIndex();
  print('server before, MB', processMemory(server.pid));
  print('first search of the server, ms', await timeOf(() => page.goto(`${server.url}/?q=microscopy`)));
  print('first answer of a search, ms', await timeOf(() => page.goto(`${server.url}/?q=${encodeURIComponent(words)}`)));
  await measureFilters(page, `/?q=${encodeURIComponent(words)}`, 'a search');
  await page.goto(`${server.url}/?q=${encodeURIComponent(words)}`);
  await measureScroll(page, 'hits of a search');
  print('first answer without a query, ms', await timeOf(() => page.goto(`${server.url}/`)));
  await measureFilters(page, '/', 'no query');
  await measureYears(page);
  await page.goto(`${server.url}/`);
  await measureScroll(page, 'all figures');
  print('server after, MB', processMemory(server.pid));

  /** Until figures are shown. */
  async function timeOf(act) {
    const began = performance.now();
    await act();
    await page.locator('.grid-cell img').first().waitFor();
    return Math.round(performance.now() - began);
  }
} finally {
  await browser.close();
  await server.stop();
}

/** The first start makes the index and classifies panels. */
async function waitForIndex() {
  for (;;) {
    const answer = await fetch(`${server.url}/health/ready`).catch(() => null);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** From a click to the answer's figures, and to new counts of the filters. */
async function measureFilters(page, address, name) {
  const times = [];
  for (let turn = 0; turn < 5; turn++) {
    await page.goto(server.url + address);
    const box = page.locator('.filters input[type=checkbox]').nth(turn);
    await box.waitFor();
    const began = performance.now();
    const answered = page.waitForResponse((response) => response.url().endsWith('/graphql'));
    await box.click();
    await answered;
    await page.locator('.grid-cell img').first().waitFor();
    const figures = Math.round(performance.now() - began);
    await page.waitForLoadState('networkidle');
    times.push({ figures, settled: Math.round(performance.now() - began) });
  }
  print(`a click on a filter, ${name}, ms`, times);
}

/** The slider of years by keys: each press is another filter. */
async function measureYears(page) {
  await page.goto(server.url);
  const slider = page.locator('.filters input[type=range]').first();
  await slider.waitFor();
  await page.waitForLoadState('networkidle');
  const times = [];
  for (let turn = 0; turn < 6; turn++) {
    const began = performance.now();
    const answered = page.waitForResponse((response) => response.url().endsWith('/graphql'));
    await slider.press('ArrowRight');
    await answered;
    const figures = Math.round(performance.now() - began);
    await page.waitForLoadState('networkidle');
    times.push({ figures, settled: Math.round(performance.now() - began) });
  }
  print('a step of the slider of years, ms', times);
}

/** Loads some thousand figures by going to the end again and again, then scrolls through them from the top. */
async function measureScroll(page, name) {
  await page.locator('.grid-cell img').first().waitFor();
  const began = performance.now();
  let loaded = 0;
  while (loaded < figuresLoaded) {
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await page.waitForTimeout(30);
    loaded = await page.evaluate(reached);
  }
  print(
    `loading ${name} by going to the end, ms a page of 40`,
    Math.round((performance.now() - began) / (loaded / 40)),
  );
  await page.evaluate('scrollTo(0, 0)');
  await page.waitForTimeout(3000);
  const frames = await displayedFrames(browser, () =>
    page.evaluate(`new Promise((resolve) => {
      const end = performance.now() + ${Number(seconds) * 1000};
      requestAnimationFrame(function step(now) {
        scrollBy(0, ${speed});
        if (now < end) requestAnimationFrame(step);
        else resolve();
      });
    })`),
  );
  const ending = await page.evaluate(`({
    figures: ${reached}, cells: document.querySelectorAll('.grid-cell').length,
    elements: document.querySelectorAll('*').length, heapMb: Math.round(performance.memory.usedJSHeapSize / 1e6),
  })`);
  print(`scrolling through ${name}`, { ...frames, loaded, ...ending });
  print('memory of the browser by process, MB', await browserMemory(browser));
}
