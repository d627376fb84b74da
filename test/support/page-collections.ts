import { cellAt, type OpenPage } from './page-browser.js';

/** Selects the first figures of a search by keys, puts them into a new collection, and waits until the page says so. */
export async function collectFigures({ page, url }: OpenPage, name: string, number: number): Promise<void> {
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
  await page.locator('.selection', { hasText: `${number} figures in ${name}.` }).waitFor();
}

/** Opens a collection by the way to all of them, and waits until its figures are loaded. */
export async function openCollection({ page }: OpenPage, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Collections', exact: true }).click();
  await page.getByRole('link', { name: new RegExp(`^${name} ?\\d`) }).click();
  await page.getByRole('heading', { name }).waitFor();
  await page.waitForLoadState('networkidle');
}
