import { expect, it } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { atlasCanvas as canvas, drawnPixels } from '../support/drawn-atlas.js';
import { describePage } from '../support/page-browser.js';

describePage('the atlas on the page', (open) => {
  async function show(page: Page): Promise<void> {
    await page.goto(`${open.url}/?section=atlas`);
    await page.locator('.atlas-bar [role=status]', { hasText: '60 figures' }).waitFor();
    await page.locator('.atlas-board, .atlas-list').waitFor();
  }

  /** Moves the pointer over the map until it meets a figure. */
  async function pointAtFigure(page: Page): Promise<void> {
    const box = await canvas(page).boundingBox();
    if (box === null) throw new Error('The map is not shown');
    for (let y = box.y + 10; y < box.y + box.height; y += 10) {
      for (let x = box.x + 10; x < box.x + box.width - 60; x += 10) {
        await page.mouse.move(x, y);
        if ((await page.locator('.atlas-card').count()) > 0) return;
      }
    }
    throw new Error('No figure was met');
  }

  it('says that there is no map, and makes one with its progress shown', async () => {
    const { page, url } = open;
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(url);
    await page.getByRole('link', { name: 'Atlas' }).click();
    await page.getByRole('heading', { name: 'There is no map of this corpus yet.' }).waitFor();
    await page.getByRole('button', { name: 'Make the map' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.locator('.atlas-bar [role=status]', { hasText: '60 figures' }).waitFor();
    await page.locator('.atlas-labels span').first().waitFor();
    await expect(drawnPixels(page)).resolves.toBeGreaterThan(500);
    // The policy of the page forbids nothing that the map needs.
    expect(problems).toEqual([]);
  });

  it('shows the figure under the pointer, and opens it; Back returns to the map as it was', async () => {
    const { page } = open;
    await show(page);
    await canvas(page).focus();
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'All of the map (0)' }).isEnabled();
    await pointAtFigure(page);
    const shown = await page.locator('.atlas-card img').getAttribute('src');
    await page.locator('.atlas-card-text', { hasText: /\w/ }).waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForURL(/figure=fig_/);
    expect(shown).toContain(new URL(page.url()).searchParams.get('figure') ?? 'no figure');
    await page.goBack();
    await canvas(page).waitFor();
    expect(await page.getByRole('button', { name: 'All of the map (0)' }).isEnabled()).toBe(true);
  });

  it('colors by what is chosen, and an entry of the legend stands out', async () => {
    const { page } = open;
    await show(page);
    const legend = page.locator('.atlas-legend');
    const entries = await legend.locator('li').count();
    expect(entries).toBeGreaterThan(3);
    const all = await drawnPixels(page);
    await legend.locator('button').first().click();
    expect(await legend.locator('button').first().getAttribute('aria-pressed')).toBe('true');
    expect(await drawnPixels(page)).toBeLessThan(all);
    await page.getByLabel('Color by').selectOption('year');
    await legend
      .getByText(/^20\d\d/)
      .first()
      .waitFor();
    const counts = await legend.locator('.quiet').allTextContents();
    expect(counts.map(Number).reduce((sum, one) => sum + one, 0)).toBe(60);
    await page.getByLabel('Color by').selectOption('collection');
    await legend.getByText('in no collection').waitFor();
  });

  it('selects what is drawn around: to a collection, and to a search', async () => {
    const { page } = open;
    await show(page);
    const box = await canvas(page).boundingBox();
    if (box === null) throw new Error('The map is not shown');
    await page.getByRole('button', { name: 'Select by drawing' }).click();
    const [low, high] = [0.02, 0.98];
    const corners = [[low, low] as const, [high, low] as const, [high, high] as const, [low, high] as const];
    await page.mouse.move(box.x + 0.02 * box.width, box.y + 0.02 * box.height);
    await page.mouse.down();
    for (const [x, y] of corners) await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
    await page.mouse.up();
    const selection = page.getByRole('region', { name: 'Selected figures' });
    await selection.getByText('60 figures selected').waitFor();
    await selection.locator('img').nth(23).waitFor();
    await selection.locator('summary', { hasText: 'collection' }).click();
    await selection.getByRole('textbox').fill('From the map');
    await selection.getByRole('textbox').press('Enter');
    await selection.getByText(/60 figures.*From the map/).waitFor();
    await selection.getByText('A search takes 12 figures at most').waitFor();
    await selection.getByRole('button', { name: 'Search with 12 of these' }).click();
    await page.waitForURL((url) => new URL(url).searchParams.getAll('term').length === 12);
    await page.goBack();
    await page.getByLabel('Color by').selectOption('collection');
    await page.locator('.atlas-legend').getByText('From the map').waitFor();
  });

  it('shows a collection alone, and all of it again', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?section=collections`);
    await page.getByText('From the map').first().click();
    await page.getByRole('button', { name: 'Show on the map' }).click();
    await canvas(page).waitFor();
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('section'), searchParams.get('collection')]).toEqual([
      'atlas',
      expect.stringMatching(/^col_/),
    ]);
    await page.goto(`${page.url()}&modality=CT`);
    await page.locator('.atlas-bar [role=status]', { hasText: /^(?!60 )[1-9]\d? figures?$/ }).waitFor();
    await page.getByRole('button', { name: 'Show the whole map' }).click();
    await page.locator('.atlas-bar [role=status]', { hasText: '60 figures' }).waitFor();
  });

  it('shows the hits of a search among all figures, by its address alone, and as a list', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=CT&modality=CT`);
    await page.locator('.grid-cell').first().waitFor();
    await page.getByRole('button', { name: 'Show on the map' }).click();
    const status = page.locator('.atlas-bar [role=status]');
    await status.filter({ hasText: /^[1-9]\d? of 60 figures found$/ }).waitFor();
    const found = await status.textContent();
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('section'), searchParams.get('q')]).toEqual(['atlas', 'CT']);
    const dimmed = await drawnPixels(page);
    await page.reload();
    await status.filter({ hasText: found ?? '' }).waitFor();
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.locator('.atlas-list img').first().waitFor();
    const listed = await page.locator('.atlas-list h2 .quiet').allTextContents();
    const inAll = listed.map((text) => Number(/^\d+/.exec(text)?.[0])).reduce((sum, one) => sum + one, 0);
    expect(`${inAll} of 60 figures found`).toBe(found);
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    await page.getByRole('button', { name: 'Show the whole map' }).click();
    await status.filter({ hasText: '60 figures' }).waitFor();
    expect(await drawnPixels(page)).toBeGreaterThan(dimmed);
    await page.goBack();
    await page.getByRole('button', { name: 'Show as a list of results' }).click();
    await page.locator('.grid-cell').first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('CT');
  });

  it('is a list as well: clusters as headings, whose figures the keyboard opens', async () => {
    const { page } = open;
    await show(page);
    await page.getByRole('button', { name: 'List' }).focus();
    await page.keyboard.press('Enter');
    const list = page.locator('.atlas-list');
    await list.locator('img').first().waitFor();
    const headings = await list.getByRole('heading', { level: 2 }).allTextContents();
    expect(headings.length).toBeGreaterThan(1);
    const inAll = headings.map((text) => Number(/(\d+) figures?$/.exec(text)?.[1])).reduce((sum, one) => sum + one, 0);
    expect(inAll).toBe(60);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/figure=fig_/);
    await page.goBack();
    await list.waitFor();
  });

  it.each(['Map', 'List'])('has no serious fault of accessibility as a %s', async (name) => {
    const { page } = open;
    await show(page);
    await page.getByRole('button', { name, exact: true }).click();
    await page
      .locator(name === 'Map' ? '.atlas-legend' : '.atlas-list img')
      .first()
      .waitFor();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  it('is a list where the browser cannot draw, and says why', async () => {
    const context = await open.page.context().browser()?.newContext();
    const page = await context?.newPage();
    if (page === undefined) throw new Error('There is no browser');
    await page.addInitScript({
      content: `const getContext = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return kind === 'webgl2' ? null : getContext.call(this, kind, ...rest);
        };`,
    });
    await page.goto(`${open.url}/?section=atlas`);
    await page.getByText('This browser cannot draw the map').waitFor();
    await page.locator('.atlas-list img').first().waitFor();
    expect(await page.getByRole('button', { name: 'Map', exact: true }).isDisabled()).toBe(true);
    await context?.close();
  });
});
