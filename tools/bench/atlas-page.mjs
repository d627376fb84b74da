// How smoothly the page draws a large map: synthetic points in headless Chromium, whose graphics run in software (SwiftShader).
//   node tools/bench/atlas-page.mjs [points, default 100000]
import { answerWithPoints } from '#dist/test/support/drawn-atlas.js';
import { newPlace, startServer } from '#dist/test/support/figseek-process.js';
import { browserMemory, displayedFrames, openBrowser } from './traced-browser.mjs';

const count = Number(process.argv[2] ?? 100_000);
const actMs = 4000;
const flags = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

const server = await startServer(newPlace(), { FIGSEEK_SAMPLES: 'never' });
const browser = await openBrowser(flags);
try {
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  const bytes = await answerWithPoints(page, count);
  console.log(`the binary answer has ${(bytes / 1e6).toFixed(2)} MB`);
  const began = performance.now();
  await page.goto(`${server.url}/?section=atlas`);
  await page.locator('.atlas-labels span').first().waitFor();
  console.log(`${count} points shown after ${Math.round(performance.now() - began)} ms, with the page's own start`);
  await measure(page);
} finally {
  await browser.close();
  await server.stop();
}

async function measure(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const box = await page.locator('.atlas-surface').boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.waitForTimeout(1000);
  for (const { name, acts, zooms } of [
    { name: 'panning the whole map', acts: 'pan', zooms: 0 },
    { name: 'panning after three zooms', acts: 'pan', zooms: 3 },
    { name: 'zooming in and out by the wheel', acts: 'zoom', zooms: 0 },
  ]) {
    for (let i = 0; i < zooms; i++) await page.getByRole('button', { name: 'Zoom in (+)' }).click();
    await page.waitForTimeout(2000);
    const busyBefore = await busySeconds(session);
    const frames = await displayedFrames(browser, () => page.evaluate(acting(acts, middle)));
    const busy = ((await busySeconds(session)) - busyBefore) / (actMs / 1000);
    console.log(`${name}: ${JSON.stringify(frames)}; the page's own thread is busy for ${Math.round(100 * busy)} %`);
  }
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
  const mb = (bytes) => (bytes / 1e6).toFixed(1);
  console.log(
    `memory of the page: ${mb(usedSize)} MB of JavaScript, ${mb(backingStorageSize)} MB of arrays, ${mb(embedderHeapUsedSize)} MB of the browser's objects; of the processes in MB: ${JSON.stringify(await browserMemory(browser))}`,
  );
}

/** How long the page's main thread was busy so far. */
async function busySeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** In the page: drags the map in a circle, or turns the wheel up and down, one step a frame. @returns the code */
function acting(kind, middle) {
  return `new Promise((resolve) => {
    const surface = document.querySelector('.atlas-surface');
    surface.setPointerCapture = () => undefined;
    const send = (type, angle) => surface.dispatchEvent(new PointerEvent(type, {
      bubbles: true, pointerId: 7, pointerType: 'mouse', button: 0,
      clientX: ${middle.x} + 120 * Math.cos(angle), clientY: ${middle.y} + 120 * Math.sin(angle),
    }));
    const turn = (deltaY) => surface.dispatchEvent(new WheelEvent('wheel', {
      bubbles: true, cancelable: true, deltaY, clientX: ${middle.x}, clientY: ${middle.y},
    }));
    const began = performance.now();
    if (${kind === 'pan'}) send('pointerdown', 0);
    requestAnimationFrame(function step(now) {
      if (${kind === 'pan'}) send('pointermove', (now - began) / 300);
      else turn(20 * Math.sin((now - began) / 400));
      if (now - began < ${actMs}) requestAnimationFrame(step);
      else { if (${kind === 'pan'}) send('pointerup', 0); resolve(); }
    });
  })`;
}
