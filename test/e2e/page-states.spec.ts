import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { cellAt, describePage } from '../support/page-browser.js';

describePage('states of the page', (open) => {
  it('waits for a server that died, and goes on by itself once it is back', async () => {
    const { page, url } = open;
    await page.goto(url);
    await cellAt(page, 1).waitFor();
    open.killServer();
    await page.keyboard.press('/');
    await page.keyboard.type('western blot');
    await page.keyboard.press('Enter');
    await page.locator('[role=alert]', { hasText: 'asked again every few seconds' }).waitFor();
    await open.startServerAgain();
    await page.locator('main [role=status]', { hasText: 'best first of' }).waitFor();
    expect(await page.locator('[role=alert]').count()).toBe(0);
    await cellAt(page, 1).locator('img').waitFor();
  });

  it('says that the browser is offline, and goes on once it is not', async () => {
    const { page, url } = open;
    await page.goto(url);
    await cellAt(page, 1).waitFor();
    await open.context.setOffline(true);
    await page.getByLabel('Search figures').fill('blood smear');
    await page.keyboard.press('Enter');
    await page.locator('[role=alert]', { hasText: 'offline' }).waitFor();
    await open.context.setOffline(false);
    await page.locator('main [role=status]', { hasText: 'best first of' }).waitFor();
  });

  it('says that a search takes long, and lets the reader give it up', async () => {
    const { page, url } = open;
    await page.route('**/graphql', async (route) => {
      const { query } = route.request().postDataJSON() as { query: string };
      if (!query.includes('searchFigures')) await route.continue();
    });
    await page.goto(`${url}/?q=microscopy`);
    await page.getByRole('button', { name: 'Stop waiting' }).click();
    await page.locator('[role=alert]', { hasText: 'The search was stopped' }).waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await cellAt(page, 1).locator('img').waitFor();
  });

  it('asks again when Search is pressed again after a failure', async () => {
    const { page, url } = open;
    let isFailing = true;
    await page.route('**/graphql', async (route) => {
      const { query } = route.request().postDataJSON() as { query: string };
      const error = { message: 'The index is being read', extensions: { code: 'INDEX_UNAVAILABLE' } };
      if (isFailing && query.includes('searchFigures')) await route.fulfill({ json: { data: null, errors: [error] } });
      else await route.continue();
    });
    await page.goto(`${url}/?q=microscopy`);
    await page.locator('[role=alert]', { hasText: 'The index is being read' }).waitFor();
    isFailing = false;
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await cellAt(page, 1).locator('img').waitFor();
    await page.unroute('**/graphql');
  });

  it('takes words that were typed and not sent along with a filter', async () => {
    const { page, url } = open;
    await page.goto(url);
    await cellAt(page, 1).waitFor();
    await page.getByLabel('Search figures').fill('western blot');
    await page.locator('.filters fieldset', { hasText: 'Label' }).locator('input').first().check();
    await page.locator('main [role=status]', { hasText: /best first of|No figure matches/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('western blot');
    expect(new URL(page.url()).searchParams.getAll('label')).toHaveLength(1);
    expect(await page.getByLabel('Search figures').inputValue()).toBe('western blot');
  });

  it('leaves out what a minus names, in the one box there is', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=${encodeURIComponent('microscopy -blood')}`);
    await cellAt(page, 1).locator('img').waitFor();
    const captions = await page.locator('.caption').allTextContents();
    expect(captions.length).toBeGreaterThan(3);
    expect(captions.join(' ')).not.toMatch(/blood/i);
  });

  it('takes an image that is dropped, pasted, or dragged from its own list, and shows where to drop it', async () => {
    const { page, url } = open;
    const record = JSON.parse(readFileSync(open.corpus, 'utf8').split('\n')[3] ?? '') as { image: string };
    const image = readFileSync(path.join(path.dirname(open.corpus), record.image)).toString('base64');
    await page.goto(url);
    await cellAt(page, 1).waitFor();
    const transfer = `(async () => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(image)}), (one) => one.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      return data;
    })()`;
    const dispatch = (type: string, event: string): Promise<unknown> =>
      page.evaluate(
        `${transfer}.then((data) => document.body.dispatchEvent(new ${event}('${type}', { bubbles: true, cancelable: true, ${
          event === 'DragEvent' ? 'dataTransfer' : 'clipboardData'
        }: data })))`,
      );
    await dispatch('dragenter', 'DragEvent');
    await page.locator('.drop-target').waitFor();
    await dispatch('drop', 'DragEvent');
    await page.getByAltText('your image').waitFor();
    expect(await page.locator('.drop-target').count()).toBe(0);
    await page.goto(url);
    await cellAt(page, 1).waitFor();
    await dispatch('paste', 'ClipboardEvent');
    await page.getByAltText('your image').waitFor();
    await page.goto(url);
    const first = cellAt(page, 1).locator('.cell');
    const source = (await first.locator('img').getAttribute('src')) ?? 'no image';
    await first.dragTo(page.getByLabel('Search figures'));
    await page.getByAltText('a figure').waitFor();
    await page.locator('.evidence', { hasText: 'looks alike' }).first().waitFor();
    const [, id] = /images\/([^?]+)/.exec(source) ?? [];
    expect(new URL(page.url()).searchParams.getAll('term')).toEqual([`1:figure:${id ?? ''}`]);
  });

  it('says in its title and address what is shown, and has an icon', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=western blot`);
    await cellAt(page, 1).waitFor();
    expect(await page.title()).toBe('western blot – figseek');
    const icon = await fetch(`${url}/favicon.ico`);
    expect([icon.status, (await icon.arrayBuffer()).byteLength > 100]).toEqual([200, true]);
  });

  it('explains on demand why a figure is here', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=western blot`);
    const cell = cellAt(page, 1);
    await cell.locator('.menu summary').click();
    const panel = cell.locator('.menu-panel');
    await panel.waitFor();
    expect(await panel.textContent()).toMatch(/the words of the caption and article: rank \d+/);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
  });
});
