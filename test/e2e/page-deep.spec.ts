import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { encodePng } from '../../src/imaging/encode.js';
import { cellAt, describePage, scrollTo } from '../support/page-browser.js';

const figures = 640;
const [width, height] = [96, 64];

/** One color for each image: there is nothing in it that could be compared with others. @returns RGB, row by row */
function plain(seed: number): Uint8Array {
  const color = [seed & 255, (seed >> 8) * 80, (seed * 29) & 255];
  const pixels = new Uint8Array(3 * width * height);
  for (let at = 0; at < pixels.length; at++) pixels[at] = color[at % 3] ?? 0;
  return pixels;
}

/** Small images, each of its own colors. @returns the .jsonl file */
async function writeSmallFigures(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'figseek-deep-'));
  mkdirSync(path.join(folder, 'images'));
  const lines: string[] = [];
  for (let i = 0; i < figures; i++) {
    const pixels = plain(i);
    writeFileSync(path.join(folder, `images/${i}.png`), await encodePng({ data: pixels, width, height }));
    lines.push(JSON.stringify({ id: `deep-${i}`, image: `images/${i}.png`, caption: `Stained section number ${i}` }));
  }
  const file = path.join(folder, 'figures.jsonl');
  writeFileSync(file, lines.join('\n'));
  return file;
}

describePage(
  'a long list on the page',
  (open) => {
    it('returns to the same place from a figure six hundred deep, and keeps few figures in the page', async () => {
      const { page, url } = open;
      await page.goto(`${url}/?q=stained section`);
      await cellAt(page, 1).waitFor();
      const target = cellAt(page, 600);
      await scrollTo(page, target);
      await target.locator('.cell').scrollIntoViewIfNeeded();
      await page.waitForTimeout(300);
      expect(await page.locator('.grid-cell').count()).toBeLessThan(150);
      const place = await target.boundingBox();
      const source = await target.locator('img').getAttribute('src');
      await target.locator('.cell').click();
      await page.waitForSelector('.stage img');
      await page.getByRole('button', { name: '← Back' }).click();
      await target.locator('.cell:focus').waitFor();
      expect(await target.locator('img').getAttribute('src')).toBe(source);
      const after = await target.boundingBox();
      expect(Math.abs((after?.y ?? 0) - (place?.y ?? 1e6))).toBeLessThan(30);
    });

    it('keeps the loaded members of a collection, and the place, when one is removed and comes back', async () => {
      const { page, url } = open;
      const { figures: listed } = await open.ask<{ figures: { nodes: { id: string }[] } }>(
        '{ figures(first: 180) { nodes { id } } }',
      );
      const { createCollection } = await open.ask<{ createCollection: { id: string } }>(
        'mutation { createCollection(name: "Deep") { id } }',
      );
      await open.ask('mutation ($id: ID!, $ids: [ID!]!) { addToCollection(id: $id, figureIds: $ids) { id } }', {
        id: createCollection.id,
        ids: listed.nodes.map(({ id }) => id),
      });
      await page.goto(`${url}/?section=collections&collection=${createCollection.id}`);
      await cellAt(page, 1).waitFor();
      await scrollTo(page, cellAt(page, 170));
      await cellAt(page, 170).locator('.cell').focus();
      const source = (await cellAt(page, 170).locator('img').getAttribute('src')) ?? '';
      const shown = page.locator(`.grid-cell img[src="${source}"]`);
      await page.keyboard.press('x');
      const sizeBecomes = async (size: number): Promise<void> => {
        await page.locator('.collection-bar', { hasText: `${size} figures` }).waitFor({ state: 'attached' });
        await page.waitForLoadState('networkidle');
      };
      const place = Number(await page.evaluate('scrollY'));
      const stays = async (): Promise<void> => {
        expect(Math.abs(Number(await page.evaluate('scrollY')) - place)).toBeLessThan(60);
        await cellAt(page, 165).waitFor();
      };
      // A click would scroll to the button.
      await page.getByRole('button', { name: 'Remove 1 from the collection' }).dispatchEvent('click');
      await shown.waitFor({ state: 'detached' });
      await sizeBecomes(179);
      await stays();
      await page.getByRole('button', { name: 'Undo' }).dispatchEvent('click');
      await sizeBecomes(180);
      await shown.waitFor();
      await stays();
    });
  },
  writeSmallFigures,
  { ingest: ['--no-compare'] },
);
