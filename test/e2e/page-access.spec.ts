import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { cellAt, describePage } from '../support/page-browser.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

describePage('the page for everyone', (open) => {
  /** Rules of WCAG 2.0 to 2.2, levels A and AA, and axe's good habits, that the page breaks. */
  async function violations(): Promise<readonly string[]> {
    const { page } = open;
    await page.evaluate(axeSource);
    const found = await page.evaluate<readonly Violation[]>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) => violations)`,
    );
    return found.map(({ id, impact, nodes }) => `${id} (${impact ?? ''}): ${nodes[0]?.html.slice(0, 200) ?? ''}`);
  }

  async function makeCollection(): Promise<string> {
    const { searchFigures } = await open.ask<{ searchFigures: { nodes: { figure: { id: string } }[] } }>(
      '{ searchFigures(query: { text: "microscopy" }, first: 4) { nodes { figure { id } } } }',
    );
    const { createCollection } = await open.ask<{ createCollection: { id: string } }>(
      'mutation { createCollection(name: "Seen") { id } }',
    );
    await open.ask(
      'mutation ($id: ID!, $figureIds: [ID!]!) { addToCollection(id: $id, figureIds: $figureIds) { id } }',
      {
        id: createCollection.id,
        figureIds: searchFigures.nodes.map(({ figure }) => figure.id),
      },
    );
    return createCollection.id;
  }

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('breaks no rule of accessibility in any view: %s, %d pixels wide', async (colorScheme, width) => {
    const { page, url } = open;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const collection = await makeCollection();
    const views = [
      ['/', '.grid-cell img'],
      ['/?q=western blot', '.grid-cell img'],
      ['/?q=western blot&view=articles', '.article-figures img'],
      ['/?section=collections', '.collection-list'],
      [`/?section=collections&collection=${collection}`, '.grid-cell img'],
      ['/?section=duplicates', '.duplicates'],
      ['/?section=system', '.facts'],
      ['/?section=atlas', 'h1'],
    ] as const;
    const broken: Record<string, readonly string[]> = {};
    for (const [address, ready] of views) {
      await page.goto(url + address);
      await page.locator(ready).first().waitFor();
      const found = await violations();
      if (found.length > 0) broken[address] = found;
    }
    await page.goto(`${url}/?q=western blot`);
    await cellAt(page, 1).locator('.cell').click();
    await page.waitForSelector('.stage img');
    const found = await violations();
    if (found.length > 0) broken['figure'] = found;
    expect(broken).toEqual({});
    // Nothing is wider than the window.
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });

  it('leads by the keyboard to the first hit at once, and to all keys', async () => {
    const { page, url } = open;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${url}/?q=western blot`);
    await cellAt(page, 1).locator('img').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.keyboard.press('?');
    const sheet = page.locator('dialog[open]');
    await sheet.waitFor();
    expect(await sheet.textContent()).toContain('search for more like it');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' }).catch(() => undefined);
    // The grid is one stop: Tab leaves it behind the buttons of its figure.
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('ArrowDown');
    const row = Number(await page.evaluate('document.activeElement.closest(".grid-cell").ariaPosInSet'));
    expect(row).toBeGreaterThan(1);
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate('document.activeElement.closest(".grid-cell").ariaPosInSet')).toBe('1');
  });

  it('does not jump while its images and facets arrive', async () => {
    const { page, url } = open;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.addInitScript(
      'self.shifts = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) self.shifts += entry.value; }).observe({ type: "layout-shift", buffered: true });',
    );
    await page.goto(`${url}/?q=western blot`);
    await cellAt(page, 1).locator('img').waitFor();
    await page.waitForLoadState('networkidle');
    expect(Number(await page.evaluate('self.shifts'))).toBeLessThan(0.1);
  });

  it('runs under a policy that allows no script but its own', async () => {
    const policy = (await fetch(open.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|default-src[^;]*unsafe/);
  });
});
