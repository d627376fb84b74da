import { expect, it } from '@jest/globals';
import { cellAt, describePage } from '../support/page-browser.js';
import { collectFigures, openCollection } from '../support/page-collections.js';

describePage('collections on the page', (open) => {
  it('gathers figures that were selected by keys', async () => {
    const { page } = open;
    await collectFigures(open, 'Cells', 3);
    // What was done is said for a while; then the bar is gone.
    await page.locator('.selection').waitFor({ state: 'detached' });
    await openCollection(open, 'Cells');
    await cellAt(page, 3).waitFor();
    expect(await page.locator('.grid-cell').count()).toBe(3);
  });

  it('searches with twelve of many figures, and says so', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 1).locator('.cell').focus();
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press('x');
      await page.keyboard.press('ArrowRight');
    }
    const bar = page.locator('.selection');
    await bar.getByText('A search takes 12 figures at most').waitFor();
    await bar.getByRole('button', { name: 'Search with 12 of these' }).click();
    await page.waitForURL((address) => address.searchParams.getAll('term').length === 12);
    await page.locator('.evidence', { hasText: 'looks alike' }).first().waitFor();
  });

  it('adds a figure that is dragged onto a collection, and all that are selected with it', async () => {
    const { page, url } = open;
    await collectFigures(open, 'Dropped on', 2);
    const dropOn = async (position: number, target: string): Promise<void> => {
      await cellAt(page, position).locator('.cell').hover();
      await page.mouse.down();
      await page.mouse.move(500, 500, { steps: 5 });
      const box = page.locator('.drop-on-collection li').filter({ hasText: new RegExp(`^${target}$`) });
      await box.hover();
      await box.hover();
      await page.mouse.up();
    };
    await dropOn(5, 'Dropped on');
    await page.getByText('1 figure in Dropped on.').waitFor();
    // It is no term of a search.
    expect(new URL(page.url()).searchParams.has('term')).toBe(false);
    await cellAt(page, 2).getByLabel('Select').check();
    await cellAt(page, 3).getByLabel('Select').check();
    await dropOn(3, 'New collection');
    await page.getByText(/^2 figures in Collection of /).waitFor();
    await page.locator('.drop-on-collection').waitFor({ state: 'detached' });
    await page.goto(url);
    await openCollection(open, 'Dropped on');
    await cellAt(page, 3).waitFor();
  });

  it('says why what was dropped was not added until it was read, and offers no collection after a drag', async () => {
    const { page, url } = open;
    await page.goto(url);
    const drag = async (): Promise<void> => {
      await cellAt(page, 2).locator('.cell').hover();
      await page.mouse.down();
      await page.mouse.move(500, 500, { steps: 5 });
    };
    const bar = page.locator('.drop-on-collection');
    await drag();
    await page.route('**/graphql', (route) => route.abort());
    await bar.getByText('New collection', { exact: true }).hover();
    await page.mouse.up();
    await bar.getByRole('alert').waitFor();
    await page.unroute('**/graphql');
    await bar.getByRole('button', { name: 'Close' }).click();
    await bar.waitFor({ state: 'detached' });

    await drag();
    await bar.waitFor();
    // As where rows of the grid are taken out while the list moves: no end of the drag is told.
    await cellAt(page, 2).evaluate((cell: { remove(): void }) => {
      cell.remove();
    });
    await page.mouse.up();
    await page.mouse.move(510, 510);
    await page.mouse.move(520, 520);
    await bar.waitFor({ state: 'detached', timeout: 3000 });
  });

  it.each([1300, 375])('breaks long words, so that no page is wider than its window of %d pixels', async (width) => {
    const { page, url } = open;
    const word = 'longword'.repeat(12);
    const [figure] = (
      await open.ask<{ figures: { nodes: { id: string }[] } }>('{ figures(first: 1) { nodes { id } } }')
    ).figures.nodes;
    const input = { caption: word.repeat(3), labels: [word], modality: word, license: word };
    const change = 'mutation ($id: ID!, $input: UpdateFigureInput!) { updateFigure(id: $id, input: $input) { id } }';
    await open.ask(change, { id: figure?.id, input });
    const make = 'mutation ($name: String!) { createCollection(name: $name, description: $name) { id } }';
    const { createCollection } = await open.ask<{ createCollection: { id: string } }>(make, { name: word.repeat(2) });
    const collection = createCollection.id;
    const add = 'mutation ($id: ID!, $figureIds: [ID!]!) { addToCollection(id: $id, figureIds: $figureIds) { id } }';
    await open.ask(add, { id: collection, figureIds: [figure?.id] });
    const before = page.viewportSize();
    await page.setViewportSize({ width, height: 800 });
    for (const [address, shown] of [
      [`figure=${figure?.id ?? ''}`, '.labels .chip'],
      [`section=collections`, '.collection-list'],
      [`section=collections&collection=${collection}`, '.grid-cell'],
    ] as const) {
      await page.goto(`${url}/?${address}`);
      await page.locator(shown).first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }
    await page.goto(`${url}/?figure=${figure?.id ?? ''}`);
    await page.locator('.labels .chip').first().waitFor();
    await page.keyboard.press('e');
    await page.locator('.chip-field .chip').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    if (before !== null) await page.setViewportSize(before);
  });

  it('rates, notes and tags members by keys; all of it stays', async () => {
    const { page } = open;
    await collectFigures(open, 'Rated', 3);
    await openCollection(open, 'Rated');
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('2');
    await page.keyboard.press('e');
    await page.getByLabel('Note', { exact: true }).fill('out of focus');
    const tags = page.getByRole('textbox', { name: 'Tags' });
    for (const tag of ['blurred', 'wrong', 'blurred', 'check, twice']) {
      await tags.fill(tag);
      await tags.press('Enter');
    }
    await page.getByRole('button', { name: 'Remove wrong' }).press('Enter');
    // What is typed and not added yet is saved as well.
    await page.keyboard.type('late');
    await page.getByRole('button', { name: 'Save' }).click();
    const line = cellAt(page, 2).getByText('#blurred · #check, twice · #late · out of focus');
    await line.waitFor();
    await page.reload();
    await line.waitFor();
    expect(await cellAt(page, 1).getByRole('button', { pressed: true }).textContent()).toBe('fits');
    expect(await cellAt(page, 2).getByRole('button', { pressed: true }).textContent()).toBe('does not fit');
    expect(await cellAt(page, 3).getByRole('button', { pressed: true }).count()).toBe(0);
  });

  it('removes members, and takes it back', async () => {
    const { page } = open;
    await collectFigures(open, 'Shrinking', 3);
    await openCollection(open, 'Shrinking');
    await cellAt(page, 2).locator('.cell').focus();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Remove 1 from the collection' }).click();
    await page.locator('.collection-bar', { hasText: '2 figures' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.collection-bar', { hasText: '3 figures' }).waitFor();
  });

  it('is not left half made where its figures cannot be added', async () => {
    const { page, url } = open;
    await page.route('**/graphql', async (route) => {
      const { query } = route.request().postDataJSON() as { query: string };
      const error = { message: 'The disk is full' };
      if (query.includes('addToCollection(')) await route.fulfill({ json: { data: null, errors: [error] } });
      else await route.continue();
    });
    await page.goto(`${url}/?q=microscopy`);
    await cellAt(page, 1).locator('.cell').focus();
    await page.keyboard.press('x');
    await page.locator('.selection').getByText('Add to a collection…').click();
    const name = page.locator('.selection').getByLabel('Name of a new collection');
    await name.fill('Half');
    await page.keyboard.press('Enter');
    await page.locator('.selection [role=alert]', { hasText: '“Half” was not made' }).waitFor();
    // The name stays for another try.
    expect(await name.inputValue()).toBe('Half');
    const { collections } = await open.ask<{ collections: { nodes: { name: string }[] } }>(
      '{ collections(first: 100) { nodes { name } } }',
    );
    expect(collections.nodes.map((one) => one.name)).not.toContain('Half');
    await page.unroute('**/graphql');
    await page.keyboard.press('Enter');
    await page.locator('.selection', { hasText: '1 figure in Half.' }).waitFor();
  });

  it('is renamed, searched in, deleted, and brought back', async () => {
    const { page } = open;
    await collectFigures(open, 'Draft', 4);
    await openCollection(open, 'Draft');
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
