import { expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { cellAt, describePage, scrollTo } from '../support/page-browser.js';

describePage('the page without a query', (open) => {
  const captions = (): Promise<readonly string[]> => open.page.locator('.grid .cell .caption').allTextContents();
  const sources = (): Promise<readonly string[]> => open.page.locator('.grid .evidence').allTextContents();

  it('shows the newest figures of the corpus, and what can be searched for', async () => {
    const { page, url } = open;
    await page.goto(url);
    await page.waitForSelector('.grid .cell img');
    await page.locator('[role=status]', { hasText: '60 figures, newest first' }).waitFor();
    // The next page is loaded as the reader comes near the end.
    await scrollTo(page, cellAt(page, 60));
    expect(new Set(await captions()).size).toBeGreaterThan(5);
    await page.evaluate('scrollTo(0, 0)');
    const cell = cellAt(page, 1).locator('.cell');
    const first = await cell.locator('img').getAttribute('src');
    await cell.click();
    await page.waitForSelector('.detail img');
    expect(first).toContain(new URL(page.url()).searchParams.get('figure') ?? 'no figure');
    await page.goBack();
    await page.waitForSelector('main:not(.figure) .cell');
    await page.locator('.welcome').getByRole('button', { name: 'blood smear' }).click();
    await page.locator('[role=status]', { hasText: 'best first of' }).waitFor();
  });

  it('sorts by year and by article, by the keyboard too; the address holds it', async () => {
    const { page, url } = open;
    await page.goto(url);
    await page.waitForSelector('.grid .cell img');
    const group = page.getByRole('group', { name: 'Sort by' });
    expect(await group.getByRole('button', { pressed: true }).textContent()).toBe('newest');
    await group.getByRole('button', { name: 'year' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=status]', { hasText: 'latest year first' }).waitFor();
    await page.waitForSelector('.grid .cell img');
    const years = (await sources()).map((source) => Number(/^\d{4}/.exec(source)?.[0]));
    expect(years.length).toBeGreaterThan(10);
    expect(years).toEqual([...years].sort((one, other) => other - one));
    expect(new URL(page.url()).searchParams.get('sort')).toBe('year');
    await group.getByRole('button', { name: 'article' }).click();
    await page.locator('[role=status]', { hasText: 'by the titles of their articles' }).waitFor();
    await page.waitForSelector('.grid .cell img');
    const titles = (await sources()).map((source) => source.replace(/^\d{4} · /, '').toLowerCase());
    expect(titles).toEqual([...titles].sort());
    await page.reload();
    await page.waitForSelector('.grid .cell img');
    expect(await group.getByRole('button', { pressed: true }).textContent()).toBe('article');
    await page.goBack();
    await page.locator('[role=status]', { hasText: 'latest year first' }).waitFor();
  });

  it('shows what its filters allow; several values of one facet widen it', async () => {
    const { page, url } = open;
    await page.goto(url);
    const years = page.locator('.filters fieldset', { hasText: 'Year' });
    await years.locator('li').nth(1).waitFor();
    const counts = (await years.locator('li .quiet').allTextContents()).map(Number);
    for (const chosen of [1, 2]) {
      await years
        .locator('li input')
        .nth(chosen - 1)
        .check();
      const expected = counts.slice(0, chosen).reduce((sum, count) => sum + count, 0);
      await page.locator('[role=status]', { hasText: `${expected} figures, newest first` }).waitFor();
    }
    expect(new URL(page.url()).searchParams.getAll('year')).toHaveLength(2);
    expect((await years.locator('li .quiet').allTextContents()).map(Number)).toEqual(counts);
    await page.goto(`${url}/?year=1850`);
    await page.locator('[role=status]', { hasText: 'Nothing found. Try fewer filters.' }).waitFor();
    // No figure has a mask: there is nothing to choose.
    expect(await page.locator('.filters fieldset', { hasText: 'Mask' }).count()).toBe(0);
  });

  it('chooses the figures that have a mask, as soon as there is one', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=chest radiograph`);
    await page.locator('[role=status]', { hasText: 'best first of' }).waitFor();
    await page.locator('.cell').first().click();
    await page.waitForSelector('.detail img');
    const figureId = new URL(page.url()).searchParams.get('figure') ?? '';
    await page.keyboard.press('m');
    await page.keyboard.type('left lung');
    await page.keyboard.press('Enter');
    await page.locator('.masks li .downloads').first().waitFor();
    await page.goto(url);
    const mask = page.getByRole('group', { name: 'Mask' });
    await mask.getByLabel('has a mask').check();
    await page.locator('[role=status]', { hasText: '1 figure, newest first' }).waitFor();
    expect(await page.locator('.cell img').getAttribute('src')).toContain(figureId);
    await mask.getByLabel('has none').check();
    await page.locator('[role=status]', { hasText: '60 figures' }).waitFor();
    await mask.getByLabel('has a mask').uncheck();
    await page.locator('[role=status]', { hasText: '59 figures' }).waitFor();
  });

  it('opens figures and collections in a new tab, from wherever they are listed', async () => {
    const { page, url } = open;
    const { createCollection } = await open.ask<{ createCollection: { id: string } }>(
      'mutation { createCollection(name: "Linked") { id } }',
    );
    const { figures } = await open.ask<{ figures: { nodes: { id: string }[] } }>(
      '{ figures(first: 3) { nodes { id } } }',
    );
    const ids = figures.nodes.map(({ id }) => id);
    await open.ask('mutation ($id: ID!, $ids: [ID!]!) { addToCollection(id: $id, figureIds: $ids) { id } }', {
      id: createCollection.id,
      ids,
    });
    const opensInTab = async (link: Locator, shown: string): Promise<void> => {
      const address = page.url();
      await link.scrollIntoViewIfNeeded();
      const opening = open.context.waitForEvent('page');
      await link.click({ modifiers: ['Control'] });
      const tab = await opening;
      await tab.locator(shown).first().waitFor();
      await tab.close();
      expect(page.url()).toBe(address);
    };
    await page.goto(`${url}/?q=western blot&view=articles`);
    await opensInTab(page.locator('.article-figures a.cell').first(), 'main.figure .stage img');
    await page.goto(`${url}/?q=western blot`);
    await opensInTab(cellAt(page, 1).locator('a.cell'), 'main.figure .stage img');
    await page.goto(`${url}/?section=collections`);
    await opensInTab(page.getByRole('link', { name: /^Linked/ }), 'main.collections .grid-cell');
    await page.getByRole('link', { name: /^Linked/ }).click();
    await opensInTab(cellAt(page, 2).locator('a.cell'), 'main.figure .stage img');
    await opensInTab(page.locator('.suggestions a.cell').first(), 'main.figure .stage img');
    await cellAt(page, 1).locator('a.cell').click();
    await page.locator('main.figure .stage img').waitFor();
    await opensInTab(page.locator('.labels a').first(), 'main.results .grid-cell');
  });
});
