import { expect, it } from '@jest/globals';
import { describePage } from '../support/page-browser.js';

describePage('masks on the page', (open) => {
  it('marks what its reader names: in colors, with words for the trust, and takes it away again', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=chest radiograph`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().click();
    await page.waitForSelector('.detail img');
    await page.keyboard.press('m');
    await page.keyboard.type('left lung');
    await page.keyboard.press('Enter');
    await page.locator('.masks form input').fill('heart');
    await page.locator('.masks form input').press('Enter');
    await page.locator('.masks form input').fill(' HEART ');
    await page.locator('.masks form input').press('Enter');
    const lines = page.locator('.masks li');
    await lines
      .filter({ has: page.locator('.downloads') })
      .nth(1)
      .waitFor();
    for (const text of await lines.allTextContents()) {
      expect(text).toMatch(
        /^(left lung|heart)(plausible|doubtful|probably not present|.* judge by eye|.* kind of image it is|nothing found)/,
      );
    }
    expect(await lines.count()).toBe(2);
    const overlays = page.locator('.frame .mask');
    await overlays.first().waitFor();
    const sources = await Promise.all((await overlays.all()).map((overlay) => overlay.getAttribute('src')));
    expect(new Set(sources.map((source) => new URL(source ?? '').searchParams.get('color'))).size).toBe(sources.length);
    expect(await overlays.first().boundingBox()).toEqual(await page.locator('.frame > img').first().boundingBox());
    const shown = await overlays.count();
    await lines.first().locator('input').uncheck();
    expect(await overlays.count()).toBeLessThan(shown);
    await lines.first().getByRole('button', { name: 'Remove' }).click();
    expect(await lines.count()).toBe(1);
  });

  it('lets its reader say what kind of image it is, where several kinds know the words', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=chest radiograph`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().click();
    await page.locator('.masks form input').fill('left lung');
    await page.locator('.masks form input').press('Enter');
    const line = page.locator('.masks li', { hasText: 'left lung' });
    await line.locator('.downloads').waitFor();
    const kinds = line.locator('select');
    expect(await kinds.locator('option').allTextContents()).toEqual(['kind of image…', 'CT-Chest', 'X-Ray-Chest']);
    // The figure is a radiograph by its caption.
    expect(await kinds.inputValue()).toBe('X-Ray-Chest');
    await kinds.selectOption('CT-Chest');
    await line.locator('[role=status]', { hasText: /p [=<] \d|nothing found/ }).waitFor();
    await kinds.selectOption('X-Ray-Chest');
    await line.locator('[role=status]', { hasText: /p [=<] \d|nothing found/ }).waitFor();
    expect(await kinds.inputValue()).toBe('X-Ray-Chest');
  });

  it('marks all that an image of a kind may show, and says where nothing of it is there', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=abdominal CT`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().click();
    const kinds = page.locator('.everything select');
    await kinds.waitFor();
    const all = page.getByRole('button', { name: 'Mark all' });
    // What the figure's words hint at stands first.
    expect(await kinds.inputValue()).toBe('CT-Abdomen');
    await all.focus();
    await page.keyboard.press('Enter');
    const told = page.locator('.everything [role=status]');
    await told.filter({ hasText: /^\d found$/ }).waitFor();
    const lines = page.locator('.masks li');
    expect(`${await lines.count()} found`).toBe(await told.textContent());
    expect((await lines.allTextContents()).join()).toMatch(/liver(plausible|doubtful)/);
    expect(await page.locator('.frame .mask').count()).toBe(await lines.count());
    await lines.filter({ hasText: 'liver' }).getByRole('button', { name: 'Search' }).click();
    await page.waitForSelector('main:not(.figure) .cell img');
    expect(new URL(page.url()).searchParams.getAll('term')).toEqual([
      expect.stringMatching(/^1:mask:msk_[0-9a-f]{24}_/),
    ]);
    expect(await page.getByAltText('what a mask outlines').count()).toBe(1);
    await page.goBack();
    await kinds.waitFor();
    await all.click();
    await told.filter({ hasText: /^\d found$/ }).waitFor();
    await kinds.selectOption('Dermoscopy');
    await all.click();
    await told.filter({ hasText: 'nothing of Dermoscopy was found' }).waitFor();
    // Those of the kind before do not pile up.
    expect(await lines.count()).toBe(0);
  });
});
