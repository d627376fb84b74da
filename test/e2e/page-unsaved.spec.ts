import { expect, it } from '@jest/globals';
import type { Dialog } from 'playwright-core';
import { cellAt, describePage } from '../support/page-browser.js';
import { collectFigures, openCollection } from '../support/page-collections.js';

describePage('what is edited on the page and not saved', (open) => {
  it('are a caption, panels, a note and a name: nothing leaves them without a question', async () => {
    const { page, url } = open;
    const asked: string[] = [];
    let agrees = false;
    const answer = (dialog: Dialog): void => {
      asked.push(dialog.type());
      void (agrees ? dialog.accept() : dialog.dismiss());
    };
    page.on('dialog', answer);
    /** Stays as often as the person does not agree. */
    const isAsked = async (leave: () => Promise<unknown>, type = 'confirm'): Promise<void> => {
      const [address, before] = [page.url(), asked.length];
      await leave();
      for (let i = 0; i < 100 && asked.length === before; i++) await page.waitForTimeout(50);
      expect(asked.slice(before)).toEqual([type]);
      await page.waitForURL(address);
    };
    const goBack = (): Promise<unknown> => page.evaluate('history.back()');
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 2).locator('.cell').click();
    await page.locator('main.figure h1').waitFor();
    await page.keyboard.press('e');
    const caption = page.locator('.figure-editor textarea');
    await caption.fill('begun');
    await isAsked(() => page.getByRole('button', { name: 'Next ›' }).click());
    await isAsked(() => page.getByRole('link', { name: 'Collections', exact: true }).click());
    await isAsked(goBack);
    await isAsked(() => page.reload({ timeout: 1000 }).catch(() => null), 'beforeunload');
    expect(await caption.inputValue()).toBe('begun');
    await page.locator('.figure-editor').getByRole('button', { name: 'Cancel' }).click();

    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Add a panel' }).click();
    await isAsked(goBack);
    agrees = true;
    await page.keyboard.press('ArrowRight');
    await goBack();
    await cellAt(page, 2).waitFor();
    agrees = false;

    await collectFigures(open, 'Unsaved', 2);
    await openCollection(open, 'Unsaved');
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('e');
    await page.getByLabel('Note', { exact: true }).fill('begun');
    await isAsked(goBack);
    await isAsked(() => page.keyboard.press('Escape'));
    await page.locator('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Description').fill('begun');
    await isAsked(goBack);
    await page.getByRole('button', { name: 'Cancel' }).click();
    const before = asked.length;
    await page.getByRole('link', { name: 'Search' }).click();
    await page.waitForURL(`${url}/`);
    expect(asked).toHaveLength(before);
    page.off('dialog', answer);
  });
});
