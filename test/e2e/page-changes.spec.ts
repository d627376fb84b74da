import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { writeCorpus } from '../support/figseek-process.js';
import { cellAt, describePage } from '../support/page-browser.js';
import { collectFigures, openCollection } from '../support/page-collections.js';

describePage(
  'the page without figures',
  (open) => {
    it.each(['/', '/?q=blood', '/?q=blood&view=articles'])('tells at %s how they come in', async (address) => {
      const { page, url } = open;
      // A server that begins without figures draws some.
      const { figures } = await open.ask<{ figures: { nodes: { id: string }[] } }>('{ figures { nodes { id } } }');
      for (const { id } of figures.nodes) await open.ask('mutation ($id: ID!) { deleteFigure(id: $id) }', { id });
      await page.goto(url + address);
      await page.locator('main', { hasText: 'There are no figures here yet.' }).waitFor();
      await page.locator('main code', { hasText: 'npx figseek ingest FOLDER' }).waitFor();
    });
  },
  () => writeCorpus(1),
);

describePage('what changes while the page is open', (open) => {
  async function deleteFigure(id: string): Promise<void> {
    await open.ask('mutation ($id: ID!) { deleteFigure(id: $id) }', { id });
  }

  /** Another tab of the same browser, at the same address. */
  async function openTab(): Promise<Page> {
    const opening = open.context.waitForEvent('page');
    await open.page.evaluate('void window.open(location.href)');
    return opening;
  }

  function idAt(position: number): Promise<string> {
    return cellAt(open.page, position)
      .locator('a.cell')
      .getAttribute('href')
      .then((address) => new URL(address ?? '', open.url).searchParams.get('figure') ?? '');
  }

  it('is a figure that is deleted: what is done with others goes on', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 3).waitFor();
    const deleted = await idAt(2);
    await deleteFigure(deleted);
    await cellAt(page, 1).locator('.cell').focus();
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('x');
      await page.keyboard.press('ArrowRight');
    }
    await page.locator('.selection').getByText('Add to a collection…').click();
    await page.locator('.selection').getByLabel('Name of a new collection').fill('Two of three');
    await page.keyboard.press('Enter');
    await page
      .locator('.selection', { hasText: '2 figures in Two of three. 1 figure left out: deleted meanwhile.' })
      .waitFor();
    await cellAt(page, 2).locator('.cell').click();
    await page.getByText('There is no such figure').waitFor();
    expect(await page.getByRole('button', { name: 'Search with this figure' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Next ›' }).click();
    await page.locator('.stage img').waitFor();
    await page.goto(`${url}/?q=x&term=1:figure:${deleted}`);
    await page.locator('.term', { hasText: 'a figure that is gone' }).waitFor();
  });

  it('is a collection that another tab changes', async () => {
    const { page } = open;
    await collectFigures(open, 'Shared', 3);
    await openCollection(open, 'Shared');
    await cellAt(page, 3).waitFor();
    const other = await openTab();
    await cellAt(other, 1).locator('.cell').focus();
    await other.keyboard.press('1');
    await cellAt(other, 1).getByRole('button', { name: 'fits', exact: true, pressed: true }).waitFor();
    await other.keyboard.press('ArrowRight');
    await other.keyboard.press('x');
    await other.getByRole('button', { name: 'Remove 1 from the collection' }).click();
    await page.locator('.collection-bar', { hasText: '2 figures' }).waitFor();
    await cellAt(page, 3).waitFor({ state: 'detached' });
    await cellAt(page, 1).getByRole('button', { name: 'fits', exact: true, pressed: true }).waitFor();
    await other.close();
  });

  it('is a collection that is gone: the map says so, and leads on', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?section=atlas`);
    await page.getByRole('button', { name: 'Make the map' }).click();
    await page.locator('.atlas-bar').waitFor();
    await page.goto(`${url}/?section=atlas&collection=col_none`);
    await page.getByText('There is no such collection').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('404');
    await page.getByRole('button', { name: 'Show the whole map' }).click();
    await page.locator('.atlas-bar [role=status]', { hasText: 'figures' }).waitFor();
  });

  it('is a figure whose panels two tabs draw', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=western blot`);
    await cellAt(page, 1).locator('.cell').click();
    await page.locator('.stage img').waitFor();
    const other = await openTab();
    await other.locator('.stage img').waitFor();
    for (const [tab, caption] of [
      [page, 'mine'],
      [other, 'theirs'],
    ] as const) {
      await tab.keyboard.press('p');
      await tab.getByRole('button', { name: 'Add a panel' }).click();
      await tab.locator('.panel-editor textarea').last().fill(caption);
    }
    await other.getByRole('button', { name: /^Save \d+ panel/ }).click();
    await other.locator('.panel-captions', { hasText: 'theirs' }).waitFor();
    await other.close();
    await page.getByRole('button', { name: /^Save \d+ panel/ }).click();
    await page.locator('[role=alert]', { hasText: 'changed by somebody else meanwhile' }).waitFor();
    await page.getByRole('button', { name: /^Save \d+ panel/ }).click();
    await page.locator('.panel-captions', { hasText: 'mine' }).waitFor();
    expect(await page.locator('.panel-captions', { hasText: 'theirs' }).count()).toBe(0);
  });

  it('is a figure that two tabs edit: neither replaces what the other wrote without knowing', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=survival curve`);
    await cellAt(page, 1).locator('.cell').click();
    await page.locator('.stage img').waitFor();
    await page.keyboard.press('e');
    const caption = page.getByLabel('Caption', { exact: true });
    await caption.fill('Mine');
    const other = await openTab();
    await other.locator('.stage img').waitFor();
    await other.keyboard.press('e');
    await other.getByLabel('Caption', { exact: true }).fill('Theirs');
    await other.getByLabel('Imaging method').fill('curve');
    await other.getByRole('button', { name: 'Save' }).click();
    await other.locator('.words', { hasText: 'Theirs' }).waitFor();
    await other.close();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[role=alert]', { hasText: 'Caption (“Theirs”)' }).waitFor();
    expect(await caption.inputValue()).toBe('Mine');
    expect(await page.getByLabel('Imaging method').inputValue()).toBe('curve');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.words', { hasText: 'Mine' }).waitFor();
    const id = new URL(page.url()).searchParams.get('figure');
    const { figure } = await open.ask<{ figure: { caption: string; modality: string } }>(
      'query ($id: ID!) { figure(id: $id) { caption modality } }',
      { id },
    );
    expect(figure).toEqual({ caption: 'Mine', modality: 'curve' });
  });
});
