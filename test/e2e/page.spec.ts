import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { newPlace, run, startServer, writeCorpus, type Server } from '../support/figseek-process.js';

const browserFile = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

if (existsSync(browserFile)) {
  describe('the page', pageTests);
} else {
  console.warn(`LEFT OUT: the test of the page needs Chromium; ${browserFile} is absent (set CHROMIUM)`);
  it('finds Chromium', () => {
    if (process.env['CI'] === 'true') throw new Error(`Chromium is absent: ${browserFile}`);
  });
}

function pageTests(): void {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let corpus: string;

  beforeAll(async () => {
    const place = newPlace();
    corpus = await writeCorpus(60);
    await run(place, ['ingest', corpus]);
    server = await startServer(place);
    browser = await chromium.launch({ executablePath: browserFile, args: flags });
    page = await browser.newPage();
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('finds figures by words, opens one and shows figures like it', async () => {
    await page.goto(server.url);
    await page.waitForSelector('footer code');
    await page.keyboard.press('/');
    await page.keyboard.type('western blot');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.cell img');
    expect(new URL(page.url()).searchParams.get('q')).toBe('western blot');
    expect(await page.locator('.cell .evidence').first().textContent()).toMatch(/image match|caption match|keyword/);
    await page.locator('.cell').first().click();
    await page.waitForSelector('.detail img');
    expect((await page.locator('.words').textContent())?.toLowerCase()).toContain('blot');
    expect(await page.locator('.grid .cell').count()).toBeGreaterThan(3);
    await page.goBack();
    await page.waitForSelector('main:not(.figure) .cell');
  });

  it('goes on after a failure, after an expired place, and returns to where the reader was', async () => {
    await page.goto(`${server.url}/?q=microscopy`);
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
    await page.goto(`${server.url}/?q=drawing`);
    await page.waitForSelector('[role=alert]');
    expect(await cells()).toBe(0);
    failing = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('.cell img');
    const first = await cells();
    // The place is not known any more: the answer begins anew behind what is shown.
    isExpired = true;
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.locator('.grid .cell').nth(first).waitFor();
    expect(isExpired).toBe(false);
    await page.unroute('**/graphql');
    await page.locator('.grid .cell').nth(20).scrollIntoViewIfNeeded();
    const scroll = Number(await page.evaluate('scrollY'));
    expect(scroll).toBeGreaterThan(0);
    const shown = await cells();
    await page.locator('.grid .cell').nth(20).click();
    await page.waitForSelector('.detail img');
    await page.goBack();
    await page.waitForSelector('main:not(.figure) .cell');
    expect(await cells()).toBe(shown);
    let scrolled = 0;
    for (let i = 0; i < 100 && Math.abs(scrolled - scroll) > 20; i++) {
      await page.waitForTimeout(100);
      scrolled = Number(await page.evaluate('scrollY'));
    }
    expect(Math.abs(scrolled - scroll)).toBeLessThan(20);
  });

  it('shows where in a figure the words find support, in the grid and on the figure', async () => {
    await page.goto(`${server.url}/?q=blood smear`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().focus();
    await page.keyboard.press('h');
    await page.waitForSelector('.grid .where[aria-pressed=true]', { state: 'attached' });
    const overlay = page.locator('.cell').first().locator('.heat');
    expect(await page.evaluate('document.querySelector(".cell .heat").naturalWidth')).toBeGreaterThan(100);
    expect(await overlay.boundingBox()).toEqual(await page.locator('.cell img').first().boundingBox());
    await page.keyboard.press('h');
    expect(await overlay.count()).toBe(0);
    await page.locator('.cell').first().click();
    await page.getByRole('button', { name: 'Where is “blood smear”?' }).click();
    await page.waitForSelector('.detail .where[aria-pressed=true]');
  });

  it('marks what its reader names: in colours, with words for the trust, and takes it away again', async () => {
    await page.goto(`${server.url}/?q=chest radiograph`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().click();
    await page.waitForSelector('.detail img');
    await page.keyboard.press('m');
    await page.keyboard.type('left lung');
    await page.keyboard.press('Enter');
    await page.locator('.masks form input').fill('heart');
    await page.locator('.masks form input').press('Enter');
    await page.locator('.masks form input').fill(' HEART ');
    await page.locator('.masks form input').press('Enter');
    const lines = page.locator('.masks li');
    await lines
      .filter({ has: page.locator('.downloads') })
      .nth(1)
      .waitFor();
    for (const text of await lines.allTextContents()) {
      expect(text).toMatch(
        /^(left lung|heart)(plausible|doubtful|probably not present|.* judge by eye|.* kind of image it is|nothing found)/,
      );
    }
    expect(await lines.count()).toBe(2);
    const overlays = page.locator('.frame .mask');
    await overlays.first().waitFor();
    const sources = await Promise.all((await overlays.all()).map((overlay) => overlay.getAttribute('src')));
    expect(new Set(sources.map((source) => new URL(source ?? '').searchParams.get('color'))).size).toBe(sources.length);
    expect(await overlays.first().boundingBox()).toEqual(await page.locator('.frame > img').first().boundingBox());
    const shown = await overlays.count();
    await lines.first().locator('input').uncheck();
    expect(await overlays.count()).toBeLessThan(shown);
    await lines.first().getByRole('button', { name: 'Remove' }).click();
    expect(await lines.count()).toBe(1);
  });

  it('lets its reader say what kind of image it is, where several kinds know the words', async () => {
    await page.goto(`${server.url}/?q=chest radiograph`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().click();
    await page.locator('.masks form input').fill('left lung');
    await page.locator('.masks form input').press('Enter');
    const line = page.locator('.masks li');
    await line.locator('.downloads').waitFor();
    const kinds = line.locator('select');
    expect(await kinds.locator('option').allTextContents()).toEqual(['kind of image…', 'CT-Chest', 'X-Ray-Chest']);
    expect(await line.locator('[role=status]').textContent()).toMatch(/say what kind of image it is|nothing found/);
    await kinds.selectOption('X-Ray-Chest');
    await line.locator('[role=status]', { hasText: /p [=<] \d|nothing found/ }).waitFor();
    expect(await kinds.inputValue()).toBe('X-Ray-Chest');
  });

  it('marks all that an image of a kind may show, and says where nothing of it is there', async () => {
    await page.goto(`${server.url}/?q=abdominal CT`);
    await page.waitForSelector('.cell img');
    await page.locator('.cell').first().click();
    const kinds = page.locator('.everything select');
    await kinds.waitFor();
    const all = page.getByRole('button', { name: 'Mark all' });
    // What the figure's words hint at stands first.
    expect(await kinds.inputValue()).toBe('CT-Abdomen');
    await all.focus();
    await page.keyboard.press('Enter');
    const told = page.locator('.everything [role=status]');
    await told.filter({ hasText: /^\d found$/ }).waitFor();
    const lines = page.locator('.masks li');
    expect(`${await lines.count()} found`).toBe(await told.textContent());
    expect((await lines.allTextContents()).join()).toMatch(/liver(plausible|doubtful)/);
    expect(await page.locator('.frame .mask').count()).toBe(await lines.count());
    await lines.filter({ hasText: 'liver' }).getByRole('button', { name: 'Search' }).click();
    await page.waitForSelector('main:not(.figure) .cell img');
    expect(new URL(page.url()).searchParams.getAll('term')).toEqual([
      expect.stringMatching(/^1:mask:msk_[0-9a-f]{24}_/),
    ]);
    expect(await page.getByAltText('what a mask outlines').count()).toBe(1);
    await page.goBack();
    await kinds.waitFor();
    await all.click();
    await told.filter({ hasText: /^\d found$/ }).waitFor();
    await kinds.selectOption('Dermoscopy');
    await all.click();
    await told.filter({ hasText: 'nothing of Dermoscopy was found' }).waitFor();
    // Those of the kind before do not pile up.
    expect(await lines.count()).toBe(0);
  });

  it('says that the server does not answer, and goes on once it does', async () => {
    await page.goto(server.url);
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
    const record = JSON.parse(readFileSync(corpus, 'utf8').split('\n')[3] ?? '') as { image: string; caption: string };
    await page.goto(server.url);
    await page.setInputFiles('input[type=file]', path.join(path.dirname(corpus), record.image));
    await page.waitForSelector('.cell img');
    expect(await page.locator('.cell .caption').first().textContent()).toBe(record.caption);
    await page.setInputFiles('input[type=file]', { name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('text') });
    expect(await page.locator('[role=alert]').textContent()).toContain('Expected JPEG');
  });

  it('composes terms, filters by facets and shows articles; the address holds all of it', async () => {
    await page.goto(`${server.url}/?q=microscopy`);
    await page.waitForSelector('.cell img');
    await page.locator('.terms input').fill('-western blot');
    await page.locator('.terms input').press('Enter');
    await page.waitForSelector('.term.away');
    const facet = page.locator('.filters fieldset', { hasText: 'Label' }).locator('li').first();
    const label = (await facet.locator('span').first().textContent()) ?? '';
    const count = Number(await facet.locator('.quiet').textContent());
    await facet.locator('input').check();
    await page.locator('[role=status]', { hasText: `of ${count} figures` }).waitFor();
    expect(new URL(page.url()).searchParams.getAll('label')).toEqual([label]);
    expect(new URL(page.url()).searchParams.get('term')).toBe('-1:text:western blot');
    await page.getByRole('button', { name: 'articles' }).click();
    await page.waitForSelector('.articles .strip img');
    await page.reload();
    await page.waitForSelector('.articles .strip img');
    expect(await page.locator('.term.away').textContent()).toContain('western blot');
  });

  it('loads the next pages as the reader comes near the end', async () => {
    await page.goto(`${server.url}/?q=image`);
    await page.waitForSelector('.cell img');
    await page.locator('footer').scrollIntoViewIfNeeded();
    await page.locator('.cell').nth(50).waitFor();
    const images = await page.locator('.cell img').all();
    const ids = await Promise.all(images.map((image) => image.getAttribute('src')));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says that the starter model is for trying', async () => {
    await page.goto(server.url);
    await page.waitForSelector('footer code');
    expect(await page.locator('footer').textContent()).toContain('not for work');
  });
}
