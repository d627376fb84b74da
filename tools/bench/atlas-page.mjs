// How smoothly the page draws a large map: synthetic points in headless Chromium, whose graphics run in software (SwiftShader).
//   node tools/bench/atlas-page.mjs [points, default 100000]
import { chromium } from 'playwright-core';
import { encodeColumns } from '#dist/src/api/http/atlas-bytes.js';
import { figureIdOf } from '#dist/src/domain/ids.js';
import { newPlace, startServer } from '#dist/test/support/figseek-process.js';

const count = Number(process.argv[2] ?? 100_000);
const clusters = 60;
const generation = 'a20260101000000000';
const panMs = 4000;
const flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

const server = await startServer(newPlace(), { FIGSEEK_SAMPLES: 'never' });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [...flags, '--enable-precise-memory-info'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  await answerWithPoints(page);
  const began = performance.now();
  await page.goto(`${server.url}/?section=atlas`);
  await page.locator('.atlas-labels span').first().waitFor();
  console.log(`${count} points shown after ${Math.round(performance.now() - began)} ms, with the page's own start`);
  await measure(page);
} finally {
  await browser.close();
  await server.stop();
}

/** Only the map is synthetic: the page, its policy and all other answers are the server's. */
async function answerWithPoints(page) {
  const file = encodeColumns(generation, drawnColumns());
  console.log(`the binary answer has ${(file.length / 1e6).toFixed(2)} MB`);
  await page.route('**/graphql', (route) => {
    const { query } = route.request().postDataJSON();
    if (!query.includes('AtlasStatus')) return route.continue();
    const atlas = {
      state: 'READY',
      progress: null,
      failure: null,
      generation,
      madeAt: null,
      pointsUrl: '/atlas/points',
    };
    return route.fulfill({ json: { data: { atlas } } });
  });
  await page.route('**/atlas/points*', (route) =>
    route.fulfill({ body: file, contentType: 'application/octet-stream' }),
  );
}

/** Points around the middles of clusters, by a generator of pseudo-random numbers (Park and Miller). */
function drawnColumns() {
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const normal = () => random() + random() + random() - 1.5;
  const middles = Array.from({ length: clusters }, () => ({ x: 0.1 + 0.8 * random(), y: 0.1 + 0.8 * random() }));
  const cluster = Uint16Array.from({ length: count }, (_, i) => i % clusters);
  const near = (axis) => Float32Array.from(cluster, (number) => middles[number][axis] + 0.03 * normal());
  const coded = (values) => ({ codes: cluster.map((number) => number % values.length), values });
  return {
    rows: Uint32Array.from(cluster.keys()),
    figureIds: Array.from({ length: count }, (_, i) => figureIdOf(String(i))),
    ...{ x: near('x'), y: near('y'), cluster, total: count },
    modality: coded(['ct', 'mri', 'x-ray', 'histology', 'plot', 'fundus']),
    ...{ label: coded(['a', 'b', 'c']), collection: { codes: cluster.map(() => 0xffff), values: [] } },
    year: cluster.map((number) => 2000 + (number % 25)),
    clusters: middles.map((middle, number) => ({
      ...{ words: [`word${number}`, `other${number}`], count: count / clusters },
      ...middle,
    })),
  };
}

async function measure(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const box = await page.locator('.atlas-frame canvas').boundingBox();
  for (const zooms of [0, 3]) {
    for (let i = 0; i < zooms; i++) await page.getByRole('button', { name: 'Zoom in (+)' }).click();
    const busyBefore = await busySeconds(session);
    const frames = await page.evaluate(panningFrames({ x: box.x + box.width / 2, y: box.y + box.height / 2 }));
    const busyMs = (1000 * ((await busySeconds(session)) - busyBefore)) / frames.length;
    frames.sort((a, b) => a - b);
    const at = (share) => frames[Math.min(frames.length - 1, Math.floor(share * frames.length))].toFixed(1);
    console.log(
      `panning ${zooms === 0 ? 'the whole map' : 'after three zooms'}: ${frames.length} frames, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, most ${at(1)} ms; the page's own thread is busy for ${busyMs.toFixed(1)} ms a frame`,
    );
  }
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
  const mb = (bytes) => (bytes / 1e6).toFixed(1);
  console.log(
    `memory of the page: ${mb(usedSize)} MB of JavaScript, ${mb(backingStorageSize)} MB of arrays, ${mb(embedderHeapUsedSize)} MB of the browser's objects`,
  );
}

/** How long the page's main thread was busy so far. */
async function busySeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** In the page: drags the map in a circle, one step a frame. @returns the code, which gives the times between frames in ms */
function panningFrames(middle) {
  return `new Promise((resolve) => {
    const canvas = document.querySelector('.atlas-frame canvas');
    canvas.setPointerCapture = () => undefined;
    const send = (type, angle) => canvas.dispatchEvent(new PointerEvent(type, {
      bubbles: true, pointerId: 7, pointerType: 'mouse', button: 0,
      clientX: ${middle.x} + 120 * Math.cos(angle), clientY: ${middle.y} + 120 * Math.sin(angle),
    }));
    const frames = [];
    const began = performance.now();
    let last = began;
    send('pointerdown', 0);
    requestAnimationFrame(function step(now) {
      frames.push(now - last);
      last = now;
      send('pointermove', (now - began) / 300);
      if (now - began < ${panMs}) requestAnimationFrame(step);
      else { send('pointerup', 0); resolve(frames.slice(2)); }
    });
  })`;
}
