import { expect, it } from '@jest/globals';
import { cellAt, describePage } from '../support/page-browser.js';

describePage('collections on the page', (open) => {
  /** Selects the first figures of a search and puts them into a new collection. */
  async function collect(name: string, number: number): Promise<void> {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 1).locator('.cell').focus();
    for (let i = 0; i < number; i++) {
      await page.keyboard.press('x');
      await page.keyboard.press('ArrowRight');
    }
    await page.locator('.selection', { hasText: `${number} selected` }).waitFor();
    await page.locator('.selection').getByText('Add to a collection…').click();
    await page.locator('.selection').getByLabel('Name of a new collection').fill(name);
    await page.keyboard.press('Enter');
    await page.locator('.selection').waitFor({ state: 'detached' });
  }

  /** Opens a collection from the list of all. */
  async function openCollection(name: string): Promise<void> {
    const { page, url } = open;
    await page.goto(`${url}/?section=collections`);
    await page.getByRole('button', { name: new RegExp(`^${name} `) }).click();
    await page.getByRole('heading', { name }).waitFor();
  }

  it('gathers figures that were selected by keys', async () => {
    const { page } = open;
    await collect('Cells', 3);
    await openCollection('Cells');
    await cellAt(page, 3).waitFor();
    expect(await page.locator('.grid-cell').count()).toBe(3);
  });

  it('rates, notes and tags members by keys; all of it stays', async () => {
    const { page } = open;
    await collect('Rated', 3);
    await openCollection('Rated');
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('2');
    await page.keyboard.press('e');
    await page.getByLabel('Note', { exact: true }).fill('out of focus');
    await page.getByLabel('Tags, separated by commas').fill('blurred, check, blurred');
    await page.getByRole('button', { name: 'Save' }).click();
    await cellAt(page, 2).getByText('#blurred · #check · out of focus').waitFor();
    await page.reload();
    await cellAt(page, 2).getByText('#blurred · #check · out of focus').waitFor();
    expect(await cellAt(page, 1).getByRole('button', { pressed: true }).textContent()).toBe('fits');
    expect(await cellAt(page, 2).getByRole('button', { pressed: true }).textContent()).toBe('does not fit');
    expect(await cellAt(page, 3).getByRole('button', { pressed: true }).count()).toBe(0);
  });

  it('removes members, and takes it back', async () => {
    const { page } = open;
    await collect('Shrinking', 3);
    await openCollection('Shrinking');
    await cellAt(page, 2).locator('.cell').focus();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Remove 1 from the collection' }).click();
    await page.locator('.collection-bar', { hasText: '2 figures' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.collection-bar', { hasText: '3 figures' }).waitFor();
  });

  it('is renamed, searched in, deleted, and brought back', async () => {
    const { page } = open;
    await collect('Draft', 4);
    await openCollection('Draft');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Final');
    await page.getByLabel('Description').fill('for the review');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Final' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('for the review');
    await page.getByRole('button', { name: 'Search in it' }).click();
    await page.locator('main [role=status]', { hasText: '4 figures, newest first' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Final' }).waitFor();
    await cellAt(page, 4).waitFor();
  });
});
