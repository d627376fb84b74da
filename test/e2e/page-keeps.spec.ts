import { expect, it } from '@jest/globals';
import { cellAt, describePage } from '../support/page-browser.js';
import { collectFigures, openCollection } from '../support/page-collections.js';

/** What a person did is there when the page is seen again, and no key or menu takes it away. */
describePage('what a person did on the page', (open) => {
  /** Opens a figure of the grid, and returns. */
  async function lookAt(position: number): Promise<void> {
    const { page } = open;
    await cellAt(page, position).locator('.cell').click();
    await page.locator('main.figure h1').waitFor();
    await page.keyboard.press('Escape');
    await cellAt(page, position).waitFor();
  }

  it('is a rating that stays after a look at a figure', async () => {
    const { page } = open;
    await collectFigures(open, 'Stays', 3);
    await openCollection(open, 'Stays');
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('1');
    await cellAt(page, 1).getByRole('button', { name: 'fits', exact: true, pressed: true }).waitFor();
    await lookAt(2);
    expect(await cellAt(page, 1).getByRole('button', { pressed: true }).allTextContents()).toEqual(['fits']);
  });

  it('is a member that was removed, also after a look at another one', async () => {
    const { page } = open;
    await collectFigures(open, 'Fewer', 3);
    await openCollection(open, 'Fewer');
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Remove 1 from the collection' }).click();
    await page.locator('.collection-bar', { hasText: '2 figures' }).waitFor();
    await cellAt(page, 3).waitFor({ state: 'detached' });
    await lookAt(2);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('.grid-cell').count()).toBe(2);
  });

  it('is a figure that was added while the collection was left', async () => {
    const { page } = open;
    await collectFigures(open, 'More', 2);
    await openCollection(open, 'More');
    await cellAt(page, 2).waitFor();
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByLabel('Search figures').fill('western blot');
    await page.keyboard.press('Enter');
    await page.getByText('best first').waitFor();
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('x');
    await page.locator('.selection').getByText('Add to a collection…').click();
    await page.locator('.selection .menu-list').getByRole('button', { name: 'More' }).click();
    await page.locator('.selection', { hasText: '1 figure in More.' }).waitFor();
    await openCollection(open, 'More');
    await cellAt(page, 3).waitFor();
  });

  it('is a note only where it was saved', async () => {
    const { page } = open;
    await collectFigures(open, 'Noted', 2);
    await openCollection(open, 'Noted');
    const note = page.getByLabel('Note', { exact: true });
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('e');
    await note.fill('not meant');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('e');
    expect(await note.inputValue()).toBe('');
    await page.keyboard.press('Escape');
  });

  it('is a caption that is being edited: arrows and Escape do not leave the figure', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 2).locator('.cell').click();
    await page.locator('main.figure h1').waitFor();
    const address = page.url();
    await page.keyboard.press('e');
    await page.locator('.figure-editor textarea').fill('begun');
    await page.locator('.figure-editor').getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.figure-editor textarea').inputValue()).toBe('begun');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.keyboard.press('Escape');
    await page.locator('.figure-editor').waitFor({ state: 'detached' });
    expect(page.url()).toBe(address);
  });

  it('is a figure that stays open where arrows have another use', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 2).locator('.cell').click();
    await page.locator('main.figure .grid-cell').first().waitFor();
    const address = page.url();
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('ArrowLeft');
    expect(page.url()).toBe(address);
    await page.locator('.stage').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((now) => now.href !== address);
  });

  it('is a box that is drawn on a zoomed image, also where the first one covers all of it', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 1).locator('.cell').click();
    await page.locator('.stage').focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('+');
    await page.keyboard.press('r');
    await page.locator('.edit-box').waitFor();
    await page.evaluate('scrollTo(0, 0)');
    const stage = await page.locator('.stage').boundingBox();
    if (stage === null) throw new Error('There is no image');
    await page.mouse.move(stage.x + 40, stage.y + 40);
    await page.mouse.down();
    await page.mouse.move(stage.x + 140, stage.y + 120, { steps: 4 });
    await page.mouse.up();
    const box = await page.locator('.edit-box').boundingBox();
    expect(box?.x).toBeCloseTo(stage.x + 40, 0);
    expect(box?.width).toBeCloseTo(100, 0);
    const handle = await page.locator('.handle').first().boundingBox();
    expect(handle?.width).toBeCloseTo(12, 0);
    await page.keyboard.press('Escape');
    await page.locator('.edit-box').waitFor({ state: 'detached' });
    await page.locator('main.figure').waitFor();
  });

  it('keeps a grid that Tab reaches, wherever it is scrolled', async () => {
    const { page, url } = open;
    await page.setViewportSize({ width: 700, height: 500 });
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 1).waitFor();
    const isFirstGone = async (): Promise<boolean> => (await cellAt(page, 1).count()) === 0;
    while (!(await isFirstGone())) {
      await page.mouse.wheel(0, 600);
      await page.waitForTimeout(100);
    }
    await page.locator('.grid-cell .cell[tabindex="0"]').waitFor();
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it.each([1280, 640, 390])('opens menus inside a window of %i pixels', async (width) => {
    const { page, url } = open;
    await page.setViewportSize({ width, height: 720 });
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('x');
    const row = page.locator('.grid-row').first().locator('details.menu');
    const menus = [
      page.locator('header details.menu'),
      page.locator('.selection details.menu'),
      row.first(),
      row.last(),
    ];
    for (const menu of menus) {
      await menu.locator('summary').press('Enter');
      await page.waitForTimeout(100);
      const box = await menu.locator('.menu-panel').boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? width)).toBeLessThanOrEqual(width);
      await page.keyboard.press('Escape');
    }
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('is an image that was pasted as one, not one beside words in a field', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 1).waitFor();
    const paste = (words: string): Promise<void> =>
      page.evaluate(`{
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File(['not read'], 'copied.png', { type: 'image/png' }));
        if (${JSON.stringify(words)} !== '') clipboardData.setData('text/plain', ${JSON.stringify(words)});
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true });
        document.querySelector('input[name=q]').dispatchEvent(event);
      }`);
    const isUpload = (address: string): boolean => address.endsWith('/uploads');
    let uploads = 0;
    page.on('request', (request) => {
      if (isUpload(request.url())) uploads++;
    });
    await paste('words of a slide');
    expect(uploads).toBe(0);
    const asked = page.waitForRequest((request) => isUpload(request.url()));
    await paste('');
    await asked;
  });
});
