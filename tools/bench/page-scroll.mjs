// How smoothly a long list scrolls: times between frames, elements and memory of the page, in headless Chromium.
// usage: node tools/bench/page-scroll.mjs ADDRESS-OF-A-LIST [SECONDS] [CHROMIUM]
import { chromium } from 'playwright-core';

const [address, seconds = '20', browserFile = '/usr/bin/chromium'] = process.argv.slice(2);
if (address === undefined) throw new Error('Expected the address of a list, as http://127.0.0.1:3000/?q=cell');
const browser = await chromium.launch({ executablePath: browserFile, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
await page.goto(address);
await page.waitForSelector('.grid-cell img');
const measured = await page.evaluate(
  `new Promise((resolve) => {
    const times = [];
    const end = performance.now() + ${Number(seconds) * 1000};
    const step = (now) => {
      times.push(now);
      scrollBy(0, 40);
      if (now < end) requestAnimationFrame(step);
      else resolve({ times, cells: document.querySelectorAll('.grid-cell').length, elements: document.querySelectorAll('*').length,
        reached: Math.max(...[...document.querySelectorAll('[aria-posinset]')].map((cell) => Number(cell.ariaPosInSet))),
        heapMb: Math.round(performance.memory.usedJSHeapSize / 1e6) });
    };
    requestAnimationFrame(step);
  })`,
);
const gaps = measured.times.slice(1).map((time, index) => time - measured.times[index]);
gaps.sort((one, other) => one - other);
const at = (share) => Number((gaps[Math.floor(share * (gaps.length - 1))] ?? 0).toFixed(1));
const frame = 1000 / 60;
console.log(
  JSON.stringify({
    date: new Date().toISOString().slice(0, 10),
    figuresReached: measured.reached,
    frames: gaps.length,
    frameMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
    droppedShare: Number((gaps.filter((gap) => gap > 1.5 * frame).length / gaps.length).toFixed(4)),
    cells: measured.cells,
    elements: measured.elements,
    heapMb: measured.heapMb,
  }),
);
await browser.close();
