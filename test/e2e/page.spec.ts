import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { describePage } from '../support/page-browser.js';

describePage('the page', (open) => {
  it('finds figures by words, opens one and shows figures like it', async () => {
    const { page, url } = open;
    await page.goto(url);
    await page.waitForSelector('footer code');
    await page.keyboard.press('/');
    await page.keyboard.type('western blot');
    await page.keyboard.press('Enter');
    await page.locator('[role=status]', { hasText: 'best first of' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('western blot');
    expect(await page.locator('.evidence').first().textContent()).toMatch(/words found: .*blot.* · caption says so/);
    expect((await page.locator('.caption mark').first().textContent())?.toLowerCase()).toMatch(/western|blot/);
    await page.locator('.cell').first().click();
    await page.waitForSelector('.detail img');
    expect((await page.locator('.words').textContent())?.toLowerCase()).toContain('blot');
    expect(await page.locator('.grid .cell').count()).toBeGreaterThan(3);
    await page.goBack();
    await page.waitForSelector('main:not(.figure) .cell');
  });

  it('says where no figure matches the words', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=zorivafuplu`);
    await page.waitForSelector('.cell img');
    expect(await page.locator('main [role=status]').first().textContent()).toContain('No figure matches these words');
    await page.goto(`${url}/?q=eosinophil`);
    await page.waitForSelector('.cell img');
    expect(await page.locator('main [role=status]').first().textContent()).toContain('best first of');
  });

  it('goes on after a failure, after an expired place, and returns to where the reader was', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await page.waitForSelector('.cell img');
    const cells = () => page.locator('.grid .cell').count();
    // The next page fails, and is asked for again.
    let [failing, isExpired] = [true, false];
    await page.route('**/graphql', async (route) => {
      const { variables } = route.request().postDataJSON() as { variables: { after?: string | null } };
      if (failing) await route.abort();
      else if (isExpired && variables.after != null) {
        isExpired = false;
        const error = { message: 'The cursor has expired', extensions: { code: 'BAD_USER_INPUT' } };
        await route.fulfill({ json: { data: null, errors: [error] } });
      } else await route.continue();
    });
    await page.goto(`${url}/?q=drawing`);
    await page.waitForSelector('[role=alert]');
    expect(await cells()).toBe(0);
    failing = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('.cell img');
    // The place is not known any more: the answer begins anew behind what is shown.
    isExpired = true;
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.locator('.grid-cell[aria-posinset="41"]').waitFor();
    expect(isExpired).toBe(false);
    await page.unroute('**/graphql');
    await page.locator('.grid-cell[aria-posinset="41"] .cell').scrollIntoViewIfNeeded();
    const scroll = Number(await page.evaluate('scrollY'));
    expect(scroll).toBeGreaterThan(0);
    await page.locator('.grid-cell[aria-posinset="41"] .cell').click();
    await page.waitForSelector('.detail img');
    await page.goBack();
    await page.locator('.grid-cell[aria-posinset="41"] .cell:focus').waitFor();
    expect(Math.abs(Number(await page.evaluate('scrollY')) - scroll)).toBeLessThan(20);
  });

  it('shows where in a figure the words find support, in the grid and on the figure', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=blood smear`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().focus();
    await page.keyboard.press('h');
    await page.waitForSelector('.grid .where[aria-pressed=true]', { state: 'attached' });
    const overlay = page.locator('.cell').first().locator('.heat');
    await page.locator('.heat-legend', { hasText: 'much support' }).waitFor();
    expect(await page.evaluate('document.querySelector(".cell .heat").naturalWidth')).toBeGreaterThan(100);
    expect(await overlay.boundingBox()).toEqual(await page.locator('.cell img').first().boundingBox());
    await page.keyboard.press('h');
    expect(await overlay.count()).toBe(0);
    await page.locator('.cell').first().click();
    await page.getByRole('button', { name: 'Where is “blood smear”?' }).click();
    await page.waitForSelector('.detail .where[aria-pressed=true]');
  });

  it('says that the server does not answer, and goes on once it does', async () => {
    const { page, url } = open;
    await page.goto(url);
    await page.waitForSelector('footer code');
    await page.route('**/graphql', (route) => route.abort());
    await page.keyboard.press('/');
    await page.keyboard.type('western blot');
    await page.keyboard.press('Enter');
    expect(await page.locator('[role=alert]').first().textContent()).toContain('The server does not answer');
    await page.unroute('**/graphql');
    await page.reload();
    await page.waitForSelector('.cell img');
  });

  it('searches by a dropped image, and says in words when a file is none', async () => {
    const { page, url } = open;
    const record = JSON.parse(readFileSync(open.corpus, 'utf8').split('\n')[3] ?? '') as {
      image: string;
      caption: string;
    };
    await page.goto(url);
    await page.setInputFiles('input[type=file]', path.join(path.dirname(open.corpus), record.image));
    await page.locator('.evidence', { hasText: 'looks alike' }).first().waitFor();
    // The image that was sent stands in the box.
    expect(await page.getByAltText('your image').getAttribute('src')).toMatch(/^data:image/);
    expect(await page.locator('.cell .caption').first().textContent()).toBe(record.caption);
    await page.setInputFiles('input[type=file]', { name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('text') });
    expect(await page.locator('[role=alert]').textContent()).toContain('Expected JPEG');
  });

  it('composes terms, filters by facets and shows articles; the address holds all of it', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=microscopy`);
    await page.waitForSelector('.cell img');
    await page.getByText('Options').click();
    await page.getByLabel('Less like these words').fill('western blot');
    await page.getByLabel('Less like these words').press('Enter');
    await page.waitForSelector('.term.away');
    const facet = page.locator('.filters fieldset', { hasText: 'Label' }).locator('li').first();
    const label = (await facet.locator('span').first().textContent()) ?? '';
    // “3 of 12”, or “12” where all of them are hits.
    const count = Number(/\d+$/.exec((await facet.locator('.quiet').textContent()) ?? '')?.[0]);
    await facet.locator('input').check();
    await page.locator('[role=status]', { hasText: `of ${count} figures` }).waitFor();
    expect(new URL(page.url()).searchParams.getAll('label')).toEqual([label]);
    expect(new URL(page.url()).searchParams.get('term')).toBe('-1:text:western blot');
    await page.getByRole('button', { name: 'articles' }).click();
    await page.waitForSelector('.articles .article-figures img');
    await page.reload();
    await page.waitForSelector('.articles .article-figures img');
    expect(await page.locator('.term.away').textContent()).toContain('western blot');
  });

  it.each([
    ['figures', '.cell img', 'no figure holds what the query requires'],
    ['articles', '.articles .article-figures img', 'no figure that the filters allow holds what the query requires'],
  ])('offers the words of a query alone where nothing holds what it requires: %s', async (view, hit, message) => {
    const { page, url } = open;
    const address = new URLSearchParams({ q: '"blood wuzzle" smear NOT gel', view });
    address.append('term', '1:text:journal:wuzzle');
    address.append('term', '-1:text:western blot');
    if (view === 'articles') address.append('from', '1900');
    await page.goto(`${url}/?${address.toString()}`);
    await page.locator('[role=status]', { hasText: message }).waitFor();
    await page.getByRole('button', { name: 'Search for blood wuzzle smear wuzzle' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector(hit);
    expect(await page.getByRole('button', { name: /^Search for/ }).count()).toBe(0);
    const parameters = new URL(page.url()).searchParams;
    expect([parameters.get('q'), parameters.getAll('term')]).toEqual([
      'blood wuzzle smear wuzzle',
      ['-1:text:western blot'],
    ]);
    // Who pressed the button by a key goes on in the box, which holds the words.
    expect(await page.locator('input[type=search]:focus').inputValue()).toBe('blood wuzzle smear wuzzle');
    await page.goBack();
    await page.locator('[role=status]', { hasText: message }).waitFor();
  });

  it('loads the next pages as the reader comes near the end', async () => {
    const { page, url } = open;
    await page.goto(`${url}/?q=image`);
    await page.waitForSelector('.cell img');
    await page.locator('footer').scrollIntoViewIfNeeded();
    await page.locator('.grid-cell[aria-posinset="50"]').waitFor({ state: 'attached' });
    const ids = await page.evaluate<string[]>(
      '[...document.querySelectorAll(".cell img")].map((image) => image.getAttribute("src"))',
    );
    expect(new Set(ids).size).toBe(ids.length);
    // Rows that are far from the view do not exist.
    expect(await page.locator('.grid-cell[aria-posinset="1"]').count()).toBe(0);
  });

  it('says that the starter model is for trying', async () => {
    const { page, url } = open;
    await page.goto(url);
    await page.waitForSelector('footer code');
    expect(await page.locator('footer').textContent()).toContain('not for work');
  });
});
