// Headless Chromium, with what its own tracing says: the frames that were displayed, and the memory of its processes.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const frameMs = 1000 / 60;

/** @param {readonly string[]} flags further ones */
export function openBrowser(flags = []) {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-precise-memory-info', ...flags],
  });
}

/**
 * Which frames reach the screen while something is done.
 * @param {import('playwright-core').Browser} browser
 * @param {() => Promise<void>} work
 * @returns times between displayed frames in ms; `late`: the share of the time's frames at 60 a second that did not come
 */
export async function displayedFrames(browser, work) {
  const session = await browser.newBrowserCDPSession();
  /** @type {{ name: string, ts: number }[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) if (event['name'] === 'Display::FrameDisplayed') events.push(/** @type {any} */ (event));
  });
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['disabled-by-default-display.framedisplayed'] },
  });
  await work();
  const isComplete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await isComplete;
  await session.detach();
  const times = events.map(({ ts }) => ts / 1000).sort((one, other) => one - other);
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  gaps.sort((one, other) => one - other);
  const at = (/** @type {number} */ share) => Number((gaps[Math.floor(share * (gaps.length - 1))] ?? 0).toFixed(1));
  return {
    perSecond: Number((gaps.length / seconds).toFixed(1)),
    ...{ p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
    late: Number(Math.max(0, 1 - (gaps.length * frameMs) / (1000 * seconds)).toFixed(3)),
  };
}

/**
 * Memory of the processes of a browser by their kind in MB: the parts that they share count for each in part (PSS).
 * @param {import('playwright-core').Browser} browser
 */
export async function browserMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  /** @type {Record<string, number>} */
  const byKind = {};
  for (const { type, id } of processInfo) byKind[type] = (byKind[type] ?? 0) + processMemory(id);
  return byKind;
}

/** @param {number} pid @returns its proportional set size in MB, as Linux tells it */
export function processMemory(pid) {
  const kb = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? Number.NaN);
  return Math.round(kb / 1000);
}
