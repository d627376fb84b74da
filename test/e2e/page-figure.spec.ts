import { expect, it } from '@jest/globals';
import { cellAt, describePage } from '../support/page-browser.js';

describePage('a figure on the page', (open) => {
  /** Opens the best figure for some words. @returns its id */
  async function openBest(words: string): Promise<string> {
    const { page, url } = open;
    await page.goto(`${url}/?q=${encodeURIComponent(words)}`);
    await cellAt(page, 1).locator('img').waitFor();
    await cellAt(page, 1).locator('.cell').click();
    await page.waitForSelector('.stage img');
    return shownId();
  }

  /** Where on the screen boxes are drawn, once nothing moves any more. */
  async function drawingBox() {
    await open.page.waitForLoadState('networkidle');
    const drawing = open.page.locator('.drawing');
    await drawing.scrollIntoViewIfNeeded();
    const box = await drawing.boundingBox();
    if (box === null) throw new Error('There is nothing to draw on');
    return box;
  }

  async function originOf(id: string): Promise<string | null> {
    const query = 'query ($id: ID!) { figure(id: $id) { panelOrigin } }';
    return (await open.ask<{ figure: { panelOrigin: string | null } }>(query, { id })).figure.panelOrigin;
  }

  function shownId(): string {
    return new URL(open.page.url()).searchParams.get('figure') ?? '';
  }

  it('is followed and preceded by those of its list; Escape returns to where the reader was', async () => {
    const { page } = open;
    const first = await openBest('microscopy');
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((address) => address.searchParams.get('figure') !== first);
    await page.waitForSelector('.stage img');
    const second = shownId();
    await page.getByRole('button', { name: 'Next ›' }).click();
    await page.waitForURL((address) => address.searchParams.get('figure') !== second);
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL((address) => address.searchParams.get('figure') === second);
    await page.waitForSelector('.stage img');
    await page.keyboard.press('Escape');
    await cellAt(page, 2).locator('.cell:focus').waitFor();
    expect(await cellAt(page, 2).locator('img').getAttribute('src')).toContain(second);
  });

  it('is zoomed by keys and moved by a drag', async () => {
    const { page } = open;
    await openBest('microscopy');
    const stage = page.locator('.stage');
    const frame = stage.locator('.frame');
    await stage.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    expect(await frame.getAttribute('style')).toContain('scale(2.25)');
    const box = await stage.boundingBox();
    if (box === null) throw new Error('The stage is not shown');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 30);
    await page.mouse.up();
    expect(await frame.getAttribute('style')).not.toContain('translate(0%, 0%)');
    await page.keyboard.press('0');
    expect(await frame.getAttribute('style')).toContain('scale(1)');
  });

  it('is searched by a part of it, chosen by keys or by pointer', async () => {
    const { page } = open;
    const id = await openBest('chest radiograph');
    await page.keyboard.press('r');
    await page.locator('.edit-box').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.evidence', { hasText: 'looks alike' }).first().waitFor();
    const [term] = new URL(page.url()).searchParams.getAll('term');
    expect(term).toBe(`1:figure@0.24,0.25,0.5,0.51:${id}`);
    expect(await page.locator('.region-thumbnail').count()).toBe(1);
    await page.goBack();
    await page.waitForSelector('.stage img');
    await page.getByRole('button', { name: 'Search a part' }).click();
    const box = await drawingBox();
    await page.mouse.move(box.x + box.width * 0.05, box.y + box.height * 0.05);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.15, box.y + box.height * 0.15, { steps: 4 });
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.2, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Search this part' }).click();
    await page.locator('.region-thumbnail').waitFor();
    const [drawn] = new URL(page.url()).searchParams.getAll('term');
    expect(drawn).toMatch(/^1:figure@0\.0[45]\d*,0\.0[45]\d*,0\.1[45]\d*,0\.1[45]\d*:/);
  });

  it('gets panels by hand, which stay', async () => {
    const { page } = open;
    const id = await openBest('survival curve');
    await page.keyboard.press('p');
    const box = await drawingBox();
    const drawn = await page.locator('.edit-box').count();
    for (const [left, right] of [
      [0.02, 0.45],
      [0.55, 0.98],
    ] as const) {
      await page.mouse.move(box.x + box.width * left, box.y + box.height * 0.05);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * right, box.y + box.height * 0.95, { steps: 5 });
      await page.mouse.up();
    }
    expect(await page.locator('.edit-box').count()).toBe(drawn + 2);
    await page.getByLabel(`Caption part of panel ${drawn + 1}`).fill('the left half');
    // The other one is moved by keys.
    await page.locator('.edit-box').last().focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: `Save ${drawn + 2} panels` }).click();
    await page.locator('.panel-captions li', { hasText: 'the left half' }).waitFor();
    const { figure } = await open.ask<{ figure: { panelOrigin: string; panels: { label: string | null }[] } }>(
      'query ($id: ID!) { figure(id: $id) { panelOrigin panels { label } } }',
      { id },
    );
    expect([figure.panelOrigin, figure.panels.length]).toEqual(['PERSON', drawn + 3]);
    await page.reload();
    const part = page.locator('.panel-captions li', { hasText: 'the left half' });
    await part.getByRole('button').first().click();
    await page.locator('.panel-outline.selected').waitFor();
    await part.getByRole('button', { name: 'Search with this panel' }).click();
    await page.locator('.evidence', { hasText: 'looks alike' }).first().waitFor();
    await page.goBack();
    await page.waitForSelector('.stage img');
    await page.getByRole('button', { name: 'Edit panels' }).click();
    await page.getByRole('button', { name: 'Follow the source again' }).click();
    // The panels stay until the source is read again, and are not said by a person any more.
    await part.waitFor();
    expect(await originOf(id)).not.toBe('PERSON');
  });

  it('shows its labels as ways to others, and the other figures of its article', async () => {
    const { page } = open;
    await openBest('western blot');
    const label = page.locator('.labels .chip').first();
    const name = (await label.textContent()) ?? '';
    await label.click();
    await page.locator('main [role=status]', { hasText: 'newest first' }).waitFor();
    expect(new URL(page.url()).searchParams.getAll('label')).toEqual([name]);
  });

  it('is taken along with its attribution', async () => {
    const { page } = open;
    const id = await openBest('western blot');
    await open.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy attribution' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    const { figure } = await open.ask<{ figure: { attribution: string } }>(
      'query ($id: ID!) { figure(id: $id) { attribution } }',
      { id },
    );
    expect(copied).toBe(figure.attribution);
    const names: string[] = [];
    page.on('download', (download) => names.push(download.suggestedFilename()));
    await page.getByRole('button', { name: 'Download' }).click();
    for (let i = 0; i < 50 && names.length < 2; i++) await page.waitForTimeout(100);
    expect(names.filter((name) => name.endsWith('-attribution.txt'))).toHaveLength(1);
    expect(names).toHaveLength(2);
  });

  it('keeps its masks when the page is loaded again', async () => {
    const { page } = open;
    await openBest('chest radiograph');
    await page.getByLabel('What to mark in the figure').fill('left lung');
    await page.getByLabel('What to mark in the figure').press('Enter');
    const line = page.locator('.masks li', { hasText: 'left lung' });
    await line.locator('.downloads').waitFor();
    await page.reload();
    await line.locator('.downloads').waitFor();
    expect(await page.locator('.frame .mask').count()).toBe(0);
    await line.getByRole('checkbox').check();
    await page.locator('.frame .mask').waitFor();
  });

  it('offers no objects of a segmentation model for a drawing', async () => {
    const { page } = open;
    const id = await openBest('survival curve');
    const { figure } = await open.ask<{ figure: { panels: { predicted: { figureType: string } | null }[] } }>(
      'query ($id: ID!) { figure(id: $id) { panels { predicted { figureType } } } }',
      { id },
    );
    const isDrawing = ['plot', 'diagram', 'table'].includes(figure.panels[0]?.predicted?.figureType ?? '');
    const kinds = page.locator('.everything select');
    if (isDrawing) await page.locator('.masks', { hasText: 'looks like a drawing' }).waitFor();
    else expect(await kinds.inputValue()).toBe('');
  });
});
