import { expect, it } from '@jest/globals';
import { decodeImage } from '../../src/imaging/decode.js';
import { answerWithPoints } from '../support/drawn-atlas.js';
import { describePage } from '../support/page-browser.js';

describePage('the drawing of a large map', (open) => {
  it('shows the same picture of many points again after it was moved there and back', async () => {
    const context = await open.page.context().browser()?.newContext();
    const page = await context?.newPage();
    if (page === undefined) throw new Error('There is no browser');
    await answerWithPoints(page, 20_000);
    await page.goto(`${open.url}/?section=atlas`);
    const words = page.locator('.atlas-labels');
    await words.locator('span').first().waitFor();
    const picture = async (): Promise<Uint8Array | Uint16Array> => {
      // The words of a map that moves slowly are a part of its drawing; at rest they are seen as elements.
      await page.waitForTimeout(500);
      await words.waitFor({ state: 'visible' });
      await expect(page.locator('.atlas-surface canvas').getAttribute('style')).resolves.toContain('transform: none');
      return (await decodeImage(await page.locator('.atlas-frame').screenshot())).image.data;
    };
    await page.locator('.atlas-surface').focus();
    // The button “All of the map” can be used from now on.
    await page.keyboard.press('ArrowDown');
    const before = await picture();
    for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowLeft']) await page.keyboard.press(key);
    const moved = await picture();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    const after = await picture();
    const differing = (one: Uint8Array | Uint16Array): number =>
      one.filter((value, at) => Math.abs(value - (before[at] ?? 0)) > 16).length / one.length;
    expect(differing(moved)).toBeGreaterThan(0.1);
    expect(differing(after)).toBeLessThan(0.001);
    await context?.close();
  });
});
